//! The part of server-sent events that the sandbox uses.

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) data: String,
}

/// Reads events from the pieces of a stream.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// What has come of the next event.
    begun: Vec<u8>,
}

impl Events {
    /// The events that are complete with this piece.
    pub(super) fn read(&mut self, piece: &[u8]) -> Vec<Event> {
        self.begun.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.begun.windows(2).position(|pair| pair == b"\n\n") {
            let rest = self.begun.split_off(end + 2);
            let whole = std::mem::replace(&mut self.begun, rest);
            events.extend(event(&String::from_utf8_lossy(&whole)));
        }
        events
    }
}

/// The event of a block of lines; `None` for a comment.
fn event(block: &str) -> Option<Event> {
    let (mut id, mut name, mut data) = (None, String::new(), Vec::new());
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => id = Some(value.to_owned()),
            "event" => name = value.to_owned(),
            "data" => data.push(value),
            _ => (),
        }
    }
    let data = data.join("\n");
    (!data.is_empty()).then_some(Event { id, name, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = ": hello\n\nid: a.1\nevent: request\ndata: {\"é\":1}\n\ndata: x\ndata: y\n\nda";
        let expected = [
            Event {
                id: Some("a.1".to_owned()),
                name: "request".to_owned(),
                data: "{\"é\":1}".to_owned(),
            },
            Event {
                id: None,
                name: String::new(),
                data: "x\ny".to_owned(),
            },
        ];
        for size in 1..text.len() {
            let mut events = Events::default();
            let pieces = text.as_bytes().chunks(size);
            let read: Vec<_> = pieces.flat_map(|piece| events.read(piece)).collect();
            assert_eq!(read, expected, "in pieces of {size}");
        }
    }
}
