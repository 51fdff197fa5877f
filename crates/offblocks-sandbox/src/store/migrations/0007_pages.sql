-- Lists on the pages of an account or a card, the newest first.
CREATE INDEX authorisations_by_card ON authorisations (card_id, seq);
CREATE INDEX authorisations_by_account ON authorisations (account_id, seq);
