//! All data at once, and data to begin with.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt as _, stream};
use offblocks_sandbox_api::server::{
    CreateCardsError, CreateFixturesError, DataApi, DeleteDataError, GetSnapshotError,
    GetWorkError, RestoreSnapshotError,
};
use offblocks_sandbox_api::{self as api, CardsAdded, CreateCards, FixturesMade, SnapshotRestored};
use offblocks_server::{Problem, RequestContext, Violation};

use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::fixtures::{FixtureError, Fixtures};
use crate::listening::Held;
use crate::snapshot::SnapshotError;
use crate::under_way::{Work, WorkKind};

rejections!(
    CreateCardsError,
    CreateFixturesError,
    DeleteDataError,
    GetSnapshotError,
    GetWorkError,
    RestoreSnapshotError,
);

/// How many bytes of a snapshot are handed over at a time.
const CHUNK: usize = 64 * 1024;

impl DataApi for Sandbox {
    async fn delete_data(&self, _: RequestContext) -> Result<(), DeleteDataError> {
        Ok(self.reset().await?)
    }

    async fn get_snapshot(&self, _: RequestContext) -> Result<Body, GetSnapshotError> {
        Ok(Body::from_stream(chunks(written(self).await?)))
    }

    async fn restore_snapshot(
        &self,
        context: RequestContext,
        body: Body,
    ) -> Result<SnapshotRestored, RestoreSnapshotError> {
        if let Some(held) = context.extension::<Held>() {
            held.hand_on();
        }
        let file = received(body).await?;
        let restored = self.restore(BufReader::new(file)).await;
        let rows = restored.map_err(Rejected::from)?;
        Ok(SnapshotRestored::new(number(rows)))
    }

    async fn create_fixtures(
        &self,
        _: RequestContext,
        body: api::Fixtures,
    ) -> Result<FixturesMade, CreateFixturesError> {
        let document = serde_json::to_value(&body);
        let document = document.map_err(|error| Rejected::invalid(error.to_string()))?;
        let fixtures = Fixtures::from_json(&document).map_err(Rejected::from)?;
        let made = self.seed(fixtures).await.map_err(Rejected::from)?;
        Ok(FixturesMade::new(made.into_iter().collect()))
    }

    async fn create_cards(
        &self,
        _: RequestContext,
        body: CreateCards,
    ) -> Result<CardsAdded, CreateCardsError> {
        self.populate(body.number.unsigned_abs(), |_| ()).await?;
        Ok(CardsAdded::new(body.number))
    }

    async fn get_work(&self, _: RequestContext) -> Result<Vec<api::Work>, GetWorkError> {
        Ok(self.work().into_iter().map(work).collect())
    }
}

fn work(work: Work) -> api::Work {
    let kind = match work.kind {
        WorkKind::Clock => api::WorkKind::Clock,
        WorkKind::Cards => api::WorkKind::Cards,
        WorkKind::Snapshot => api::WorkKind::Snapshot,
        WorkKind::Restore => api::WorkKind::Restore,
    };
    let mut shown = api::Work::new(number(work.id), kind, number(work.done));
    shown.total = work.total.map(number);
    shown
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A snapshot in a file without a name, from its beginning. So a slow client does not delay others: the
/// database is read at its own speed.
async fn written(sandbox: &Sandbox) -> Result<File, Rejected> {
    let file = tempfile::tempfile().map_err(SnapshotError::Write)?;
    let (file, _) = sandbox.snapshot(BufWriter::new(file)).await?;
    Ok(rewound(file)?)
}

/// A body in a file without a name: the database does not wait for a network.
async fn received(body: Body) -> Result<File, Rejected> {
    let mut file = BufWriter::new(tempfile::tempfile().map_err(SnapshotError::Write)?);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Rejected::invalid("the snapshot is incomplete, so nothing was changed: send it again")
        })?;
        file.write_all(&chunk).map_err(SnapshotError::Write)?;
    }
    Ok(rewound(file)?)
}

fn rewound(file: BufWriter<File>) -> Result<File, SnapshotError> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error);
    let file = file.and_then(|mut file| file.rewind().map(|()| file));
    file.map_err(SnapshotError::Write)
}

fn chunks(file: File) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::unfold(file, async |mut file| {
        let mut chunk = vec![0; CHUNK];
        match file.read(&mut chunk) {
            Ok(0) => None,
            Ok(length) => {
                chunk.truncate(length);
                Some((Ok(Bytes::from(chunk)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    })
}

impl From<SnapshotError> for Rejected {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::Store(error) => error.into(),
            SnapshotError::Write(_) | SnapshotError::Read(_) => Self::failed(&error),
            rejected => Self::invalid(rejected.to_string()),
        }
    }
}

impl From<FixtureError> for Rejected {
    fn from(error: FixtureError) -> Self {
        let detail = error.to_string();
        match error {
            FixtureError::Store(error) => error.into(),
            FixtureError::Invalid {
                pointer, reason, ..
            } => {
                let place = Violation::at(pointer, reason);
                Self(Problem::bad_request(detail).with_violations(vec![place]))
            }
        }
    }
}
