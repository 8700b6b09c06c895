use remit_board::{event::Event, time::Millis};
use serde::{Deserialize, Serialize};

/// One event as it is archived: a format of its own, so that neither wires nor rows can change what was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveLine {
    pub seq: u64,
    pub at: String,
    pub revision: u64,
    pub kind: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    pub summary: String,
}

impl ArchiveLine {
    pub fn of(event: &Event) -> Self {
        Self {
            seq: event.seq,
            at: event.at.rfc3339(),
            revision: event.revision,
            kind: event.kind.clone(),
            source: event.source.clone(),
            module: event.module.as_ref().map(ToString::to_string),
            agent_id: event.agent.as_ref().map(ToString::to_string),
            target: event.target.as_ref().map(ToString::to_string),
            priority: event.priority.map(u8::from),
            specialty: event.specialty.as_ref().map(ToString::to_string),
            summary: event.summary.clone(),
        }
    }

    /// The event again; `None` where the line says what no event says.
    pub fn event(&self) -> Option<Event> {
        fn parsed<T: std::str::FromStr>(text: Option<&String>) -> Option<Option<T>> {
            text.map(|text| text.parse().ok()).map_or(Some(None), |value| value.map(Some))
        }
        Some(Event {
            seq: self.seq,
            at: Millis::parse_rfc3339(&self.at)?,
            revision: self.revision,
            kind: self.kind.clone(),
            source: self.source.clone(),
            module: parsed(self.module.as_ref())?,
            agent: parsed(self.agent_id.as_ref())?,
            target: parsed(self.target.as_ref())?,
            priority: self.priority.map(TryInto::try_into).transpose().ok()?,
            specialty: parsed(self.specialty.as_ref())?,
            summary: self.summary.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_comes_back_whole() {
        let mut event = Event {
            seq: 7,
            at: Millis(1_700_000_000_123),
            revision: 3,
            kind: "handoff-ready".into(),
            source: "board".into(),
            module: Some("core".parse().unwrap()),
            agent: Some("ann".parse().unwrap()),
            target: Some("workers:rust".parse().unwrap()),
            priority: Some(0.try_into().unwrap()),
            specialty: Some("rust".parse().unwrap()),
            summary: "it's \"done\"\n\u{1f980}".into(),
        };
        for _ in 0..2 {
            let text = serde_json::to_string(&ArchiveLine::of(&event)).unwrap();
            assert!(!text.contains('\n'));
            let line: ArchiveLine = serde_json::from_str(&text).unwrap();
            assert_eq!(line.event().as_ref(), Some(&event));
            (event.module, event.agent, event.target, event.priority, event.specialty) = Default::default();
        }
        let mut line = ArchiveLine::of(&event);
        line.priority = Some(9);
        assert_eq!(line.event(), None);
    }
}
