//! Responses that fail on purpose.

use std::time::Duration;

use http::StatusCode;
use offblocks_sandbox_api::server::{
    CreateFaultError, DeleteFaultError, DeleteFaultsError, FaultsApi, GetFaultsError,
};
use offblocks_sandbox_api::{self as api, CreateFault};
use offblocks_server::RequestContext;

use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::faults::{Fault, FaultId, FaultKind, FaultReport};

rejections!(
    CreateFaultError,
    DeleteFaultError,
    DeleteFaultsError,
    GetFaultsError
);

/// The latency where none is given.
const LATENCY: Duration = Duration::from_secs(1);
const SILENCE: Duration = Duration::from_secs(60);
const RETRY_AFTER: u32 = 1;

impl FaultsApi for Sandbox {
    async fn get_faults(&self, _: RequestContext) -> Result<Vec<api::Fault>, GetFaultsError> {
        Ok(self.faults().await?.into_iter().map(report).collect())
    }

    async fn create_fault(
        &self,
        _: RequestContext,
        body: CreateFault,
    ) -> Result<api::Fault, CreateFaultError> {
        Ok(report(self.add_fault(read(&body)?).await?))
    }

    async fn delete_faults(&self, _: RequestContext) -> Result<(), DeleteFaultsError> {
        Ok(self.clear_faults().await?)
    }

    async fn delete_fault(&self, _: RequestContext, fault_id: i64) -> Result<(), DeleteFaultError> {
        if !self
            .remove_fault(FaultId::new(fault_id.unsigned_abs()))
            .await?
        {
            return Err(Rejected::missing(format!("there is no fault {fault_id}")).into());
        }
        Ok(())
    }
}

fn read(given: &CreateFault) -> Result<Fault, Rejected> {
    check_members(given)?;
    let mut fault = Fault::new(kind(given)?);
    fault.operation.clone_from(&given.operation);
    fault.percentage = given.percentage;
    fault.seed = given.seed.map(i64::unsigned_abs);
    fault.nth = given.nth.map(i64::unsigned_abs);
    fault.times = given.times.map(i64::unsigned_abs);
    Ok(fault)
}

fn kind(given: &CreateFault) -> Result<FaultKind, Rejected> {
    let duration = given
        .milliseconds
        .map(|it| Duration::from_millis(it.unsigned_abs()));
    Ok(match &given.kind {
        api::FaultKind::Status => match given.after_commit {
            Some(true) => FaultKind::StatusAfterCommit(status(given)?),
            _ => FaultKind::Status(status(given)?),
        },
        api::FaultKind::Latency => FaultKind::Latency(duration.unwrap_or(LATENCY)),
        api::FaultKind::TooManyRequests => {
            let seconds = given.retry_after.and_then(|it| it.try_into().ok());
            FaultKind::TooManyRequests(seconds.unwrap_or(RETRY_AFTER))
        }
        api::FaultKind::ExpiredToken => FaultKind::ExpiredToken,
        api::FaultKind::ResetBefore => FaultKind::ResetBefore,
        api::FaultKind::ResetInside => FaultKind::ResetInside,
        api::FaultKind::Timeout => FaultKind::Timeout(duration.unwrap_or(SILENCE)),
        api::FaultKind::TruncatedBody => FaultKind::TruncatedBody,
        api::FaultKind::UnknownValue => FaultKind::UnknownValue,
        api::FaultKind::ExtraField => FaultKind::ExtraField,
        _ => return Err(Rejected::invalid("the kind is not known")),
    })
}

fn status(given: &CreateFault) -> Result<StatusCode, Rejected> {
    let Some(status) = given.status else {
        return Ok(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let status = u16::try_from(status)
        .ok()
        .and_then(|it| StatusCode::from_u16(it).ok());
    status.ok_or_else(|| Rejected::invalid("the status is not one of HTTP"))
}

/// A member that belongs to another kind would have no effect, so it is rejected.
fn check_members(given: &CreateFault) -> Result<(), Rejected> {
    use api::FaultKind::{Latency, Status, Timeout, TooManyRequests};
    let is = |kinds: &[api::FaultKind]| kinds.contains(&given.kind);
    let without_effect = [
        ("status", given.status.is_some() && !is(&[Status])),
        (
            "afterCommit",
            given.after_commit.is_some() && !is(&[Status]),
        ),
        (
            "milliseconds",
            given.milliseconds.is_some() && !is(&[Latency, Timeout]),
        ),
        (
            "retryAfter",
            given.retry_after.is_some() && !is(&[TooManyRequests]),
        ),
        ("seed", given.seed.is_some() && given.percentage.is_none()),
    ];
    match without_effect.into_iter().find(|(_, wrong)| *wrong) {
        Some((name, _)) => Err(Rejected::invalid(format!(
            "`{name}` has no effect on this fault: leave it out"
        ))),
        None => Ok(()),
    }
}

fn report(report: FaultReport) -> api::Fault {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (id, matched) = (number(report.id.number()), number(report.matched));
    api::Fault::new(id, written(&report.fault), matched, number(report.applied))
}

fn written(fault: &Fault) -> CreateFault {
    use api::FaultKind as Kind;
    let with = |kind| CreateFault::new(kind);
    let lasting = |kind, time: Duration| {
        let mut fault = with(kind);
        fault.milliseconds = i64::try_from(time.as_millis()).ok();
        fault
    };
    let mut written = match fault.kind {
        FaultKind::Status(status) => with(Kind::Status).with_status(status.as_u16().into()),
        FaultKind::StatusAfterCommit(status) => with(Kind::Status)
            .with_status(status.as_u16().into())
            .with_after_commit(true),
        FaultKind::Latency(latency) => lasting(Kind::Latency, latency),
        FaultKind::TooManyRequests(seconds) => {
            let mut fault = with(Kind::TooManyRequests);
            fault.retry_after = i32::try_from(seconds).ok();
            fault
        }
        FaultKind::Timeout(silence) => lasting(Kind::Timeout, silence),
        FaultKind::ExpiredToken => with(Kind::ExpiredToken),
        FaultKind::ResetBefore => with(Kind::ResetBefore),
        FaultKind::ResetInside => with(Kind::ResetInside),
        FaultKind::TruncatedBody => with(Kind::TruncatedBody),
        FaultKind::UnknownValue => with(Kind::UnknownValue),
        FaultKind::ExtraField => with(Kind::ExtraField),
    };
    written.operation.clone_from(&fault.operation);
    written.percentage = fault.percentage;
    written.seed = fault.seed.and_then(|it| it.try_into().ok());
    written.nth = fault.nth.and_then(|it| it.try_into().ok());
    written.times = fault.times.and_then(|it| it.try_into().ok());
    written
}
