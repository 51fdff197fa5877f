//! Authorisations.

use offblocks_server::{AuthorisationsApi, GetAuthorisationDetailsError, RequestContext};
use offblocks_types::{Authorisation, AuthorisationId};

use super::reading_entity;
use super::rejection::rejections;
use crate::domain::authorisations;
use crate::world::World;

rejections!(GetAuthorisationDetailsError);

impl AuthorisationsApi for World {
    async fn get_authorisation_details(
        &self,
        _: RequestContext,
        authorisation_id: AuthorisationId,
    ) -> Result<Authorisation, GetAuthorisationDetailsError> {
        reading_entity!(self, authorisation_id, |work| authorisations::get(
            work,
            authorisation_id
        ))
    }
}
