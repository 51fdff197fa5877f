//! `offblocks listen`: receives webhooks, verifies and shows them, and passes them on.

mod forward;
mod receive;
mod receiving;
mod shown;
mod subscription;

use offblocks_types::WebhookType;

use crate::arguments::Listen;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::paint::Paint;
use crate::stop::stop;
use forward::Forwarder;
use receiving::Place;
use shown::Shown;

pub(crate) use receive::Happened;
pub(crate) use receiving::Receiving;

/// Listens until it is stopped, or until enough deliveries have come.
pub(crate) async fn run(options: Listen, paint: Paint, log: Log) -> Result<(), Failure> {
    logging::start(log);
    let client = options.api.client(true)?;
    // The handlers of signals are in place before there is a subscription to remove.
    let stopped = stop().map_err(|error| Failure::new("cannot wait for signals", error))?;
    let place = Place {
        address: Some(options.listen),
        callback: options.callback_url.clone(),
        forwarder: options.forward_to.clone().map(Forwarder::new).transpose()?,
        keys: None,
    };
    let mut receiving = Receiving::at(&client, types(&options), place).await?;
    let shown = Shown::new(options.api.json, paint);
    let showing = show(&mut receiving, &shown, &options);
    let ended = tokio::select! {
        ended = showing => ended,
        () = stopped => Ok(()),
    };
    let removed = receiving.stop(&client).await;
    ended.and(removed)
}

/// What is subscribed to.
fn types(options: &Listen) -> Vec<WebhookType> {
    let names = options.types.iter().map(String::as_str);
    match options.types.is_empty() {
        true => WebhookType::ALL.to_vec(),
        false => names.map(WebhookType::from).collect(),
    }
}

/// Shows what happens, until enough deliveries have come.
async fn show(receiving: &mut Receiving, shown: &Shown, options: &Listen) -> Result<(), Failure> {
    let forward_to = options.forward_to.as_ref();
    shown.listening(receiving.callback(), receiving.id(), forward_to)?;
    let mut delivered = 0;
    while options.count.is_none_or(|count| delivered < count) {
        let Some(event) = receiving.next().await else {
            return Err(Failure::because("receiving has stopped by itself"));
        };
        delivered += usize::from(matches!(event, Happened::Delivered { .. }));
        shown.show(&event)?;
    }
    Ok(())
}
