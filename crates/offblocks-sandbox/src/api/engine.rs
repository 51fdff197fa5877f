//! Chains and assets.

use offblocks_server::{EngineApi, GetAssetsError, GetChainsError, RequestContext};
use offblocks_types::{Asset, Blockchain};

use crate::domain::catalogue;
use crate::world::World;

impl EngineApi for World {
    async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
        Ok(catalogue::chains())
    }

    async fn get_assets(
        &self,
        _: RequestContext,
        chain: Option<String>,
    ) -> Result<Vec<Asset>, GetAssetsError> {
        Ok(catalogue::assets(chain.as_deref(), &self.settings.currency))
    }
}
