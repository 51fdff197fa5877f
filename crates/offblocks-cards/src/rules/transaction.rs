//! The lifecycle of a transaction.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of a transaction (`TransactionStatus` of the contract).
    TransactionState {
        /// Is being settled on chain.
        Processing = "processing",
        /// Was settled.
        Processed = "processed",
        /// Is being reversed.
        Reversing = "reversing",
        /// Was reversed.
        Reversed = "reversed",
    }
}

named! {
    /// The moves of a transaction.
    TransactionMove {
        /// It settles.
        Process = "processed",
        /// Its reversal begins.
        Reverse = "reversed",
        /// Its reversal is done.
        FinishReversal = "refunded",
    }
}

impl Lifecycle for TransactionState {
    type Move = TransactionMove;

    const ENTITY: &'static str = "transaction";
    const STATES: &'static [Self] = Self::ALL;
    const TRANSITIONS: &'static [Transition<Self>] = {
        use Actor::*;
        use TransactionMove::*;
        use TransactionState::*;
        &[
            step(Processing, Process, Processed, &[OffBlocks]),
            step(Processed, Reverse, Reversing, &[OffBlocks]),
            step(Reversing, FinishReversal, Reversed, &[OffBlocks]),
        ]
    };
}
