//! One exchange: a message comes in, the world answers, and the answer is written as the real upstream would.

use std::time::Duration;

use jiff::Timestamp;

use super::element::Element;
use super::fault::{Blame, Fault};
use super::front::{self, Incoming, Objection, Request};
use super::outgoing::Outgoing;
use super::rules::Rule;
use super::service::Service;
use super::spoil;
use super::style::{Style, USUAL};
use super::triggers::{self, Effect, Trigger};
use super::trouble::{Trouble, UNKNOWN_CODE};
use super::world::cast::TRIGGER_DATE;
use super::world::input::UNREADABLE;
use super::world::youth::Told;
use super::world::{Call, Refusal, World};
use super::xml::{Xml, shape};
use super::{Sandbox, catalogue};
use crate::soap::envelope::{SOAP_11, SOAP_12};
use crate::soap::schema::SoapVersion;

/// What the world and the triggers have decided to say.
enum Reply {
    /// The operation's own answer, without what is around it.
    Message(Element),
    Fault(Fault),
}

/// The circumstances of one exchange.
struct Exchange {
    service: Service,
    now: Timestamp,
    correlation: String,
}

impl Sandbox {
    /// Answers one message.
    pub(crate) fn respond(&self, service: Service, incoming: &Incoming<'_>) -> Outgoing {
        let exchange = Exchange { service, now: self.now(), correlation: uuid::Uuid::new_v4().to_string() };
        // DFDG has no message security.
        let signatures = self.signatures.as_deref().filter(|_| service != Service::Registration);
        let Some(signatures) = signatures else { return self.answer(&exchange, incoming) };
        let mut outgoing = match signatures.check(incoming.body, exchange.now) {
            Ok(verified) => self.answer(&exchange, &Incoming { body: &verified, ..*incoming }),
            Err(error) => exchange.object(&Objection::Signature(error)),
        };
        signatures.sign(&mut outgoing, exchange.now);
        outgoing
    }

    fn answer(&self, exchange: &Exchange, incoming: &Incoming<'_>) -> Outgoing {
        match front::open(exchange.service, incoming, &self.known) {
            Err(objection) => exchange.object(&objection),
            Ok(request) => {
                let mut answer = exchange.answer(&request, &self.world);
                answer.operation = Some(request.operation.name.to_string());
                answer
            }
        }
    }
}

impl Exchange {
    fn object(&self, objection: &Objection) -> Outgoing {
        match Fault::of_objection(self.service, objection, &self.correlation, self.now) {
            None => Outgoing::new(415, "text/plain", b"Unsupported media type".to_vec()),
            Some(fault) => {
                let refused = self.write(fault.status, fault.xml, USUAL);
                Outgoing { rule: objection.rule(self.service), ..refused }
            }
        }
    }

    fn answer(&self, request: &Request, world: &std::sync::Mutex<World>) -> Outgoing {
        let trigger = triggers::of(self.service, &request.message);
        let trouble = match trigger.map(|trigger| trigger.effect) {
            Some(Effect::Trouble(trouble)) => trouble,
            Some(Effect::Code(_)) | None => Trouble::None,
        };
        if let Some(outgoing) = self.never_reached(trouble) {
            return outgoing;
        }
        let (reply, rule) = match self.refused(trigger) {
            Some(reply) => (reply, None),
            None => {
                let mut world = super::locked(world);
                self.carry_out(request, trigger, &mut world)
            }
        };
        let (status, content) = match reply {
            Reply::Fault(fault) => (fault.status, fault.xml),
            Reply::Message(answer) => (200, self.wrap(request, answer, trouble)),
        };
        let mut outgoing = self.write(status, content, triggers::style_of(&trouble));
        outgoing.rule = rule;
        match trouble {
            Trouble::Slow(seconds) => outgoing.delay = Duration::from_secs(seconds),
            Trouble::Spoiled(spoil) => spoil::spoil(spoil, &mut outgoing),
            Trouble::FaultWithOk => outgoing.status = 200,
            Trouble::ExtraHeader => spoil::add_header(&mut outgoing),
            _ => {}
        }
        outgoing
    }

    /// Answers that do not come from the service at all.
    fn never_reached(&self, trouble: Trouble) -> Option<Outgoing> {
        match trouble {
            Trouble::Unavailable => Some(Outgoing::new(503, "text/html", spoil::HTML.into())),
            Trouble::ServerError => Some(Outgoing::new(500, "text/plain", Vec::new())),
            Trouble::Redirect => {
                let moved = Outgoing::new(302, "text/html", spoil::HTML.into());
                Some(Outgoing { location: Some("https://elsewhere.example/"), ..moved })
            }
            _ => None,
        }
    }

    /// What a trigger answers without asking the world.
    fn refused(&self, trigger: Option<&Trigger>) -> Option<Reply> {
        let platform = self.service.version() == SoapVersion::V12;
        let ipl = |code, details: &str| {
            Fault::ipl(self.service, code, Some(details.to_owned()), &self.correlation, self.now)
        };
        let fault = match trigger?.effect {
            Effect::Code(code) => match code.system {
                catalogue::System::Dfdg => Fault::dfdg(code.number, None),
                // Details have been seen to quote a CPR number.
                catalogue::System::Ipl => ipl(code.number, "value '0101990002' is not facet-valid"),
                catalogue::System::Udb => return self.udb_code(code.number, code.number),
            },
            Effect::Trouble(Trouble::UnknownCode) if platform => {
                return self.udb_code(trigger?.number, UNKNOWN_CODE);
            }
            Effect::Trouble(Trouble::UnknownCode) => {
                Fault::dfdg(UNKNOWN_CODE, Some("Something nobody has described"))
            }
            Effect::Trouble(Trouble::FaultWithOk) if platform => ipl(2, "fault with status 200"),
            Effect::Trouble(Trouble::FaultWithOk) => Fault::dfdg(1013, None),
            Effect::Trouble(Trouble::BareFault) => {
                Fault::bare(self.service, Blame::Receiver, "Something went wrong")
            }
            Effect::Trouble(_) => return None,
        };
        Some(Reply::Fault(fault))
    }

    /// A code of Ungedatabasen, inside an answer as it always is.
    fn udb_code(&self, number: u32, code: u32) -> Option<Reply> {
        let answer = match self.service {
            Service::Report => report_answer(false, Some(code)),
            Service::LookUp => {
                let row = super::world::youth::code_row(&format!("{TRIGGER_DATE}{number:04}"), code);
                super::world::youth::answer(false, None, vec![row])
            }
            Service::Registration => return None,
        };
        Some(Reply::Message(answer))
    }

    fn carry_out(
        &self,
        request: &Request,
        trigger: Option<&Trigger>,
        world: &mut World,
    ) -> (Reply, Option<&'static Rule>) {
        match self.execute(request, trigger, world) {
            Ok((answer, rule)) => (Reply::Message(answer), rule),
            Err(Refusal(rule)) => {
                let fault = match self.service {
                    Service::Registration => Fault::dfdg(rule.code(), None),
                    Service::LookUp | Service::Report => {
                        Fault::ipl(self.service, 2, None, &self.correlation, self.now)
                    }
                };
                (Reply::Fault(fault), Some(rule))
            }
        }
    }

    fn execute(
        &self,
        request: &Request,
        trigger: Option<&Trigger>,
        world: &mut World,
    ) -> Result<Told, Refusal> {
        let inner =
            |name: &str| request.message.child("Message").and_then(|it| it.child(name)).ok_or(UNREADABLE);
        let trouble = trigger.map(|trigger| trigger.effect);
        match self.service {
            Service::LookUp => {
                let hent = inner("Hent")?;
                let (mut answer, rule) = match trigger {
                    Some(_) if hent.child("SidenSidst").is_some() => (world.newest_changes(), None),
                    _ => world.look_up(hent, self.now)?,
                };
                self.trouble_rows(&mut answer, trigger, hent);
                Ok((answer, rule))
            }
            Service::Report => {
                let report = inner("IndberetningKontaktJobOgUddOenskerRequest")?;
                let rule = world.report(report, self.now)?;
                let answer = match trouble {
                    Some(Effect::Trouble(Trouble::Report { ok, code })) => report_answer(ok, code),
                    _ => report_answer(rule.is_none(), rule.map(Rule::code)),
                };
                Ok((answer, rule))
            }
            Service::Registration => {
                let caller = request.caller.as_ref().ok_or(UNREADABLE)?;
                let call = Call {
                    operation: &request.operation.name,
                    request: &request.message,
                    caller,
                    now: self.now,
                };
                Ok((world.register(&call)?.into_element(), None))
            }
        }
    }

    fn trouble_rows(&self, answer: &mut Element, trigger: Option<&Trigger>, hent: &Element) {
        let Some(Trigger { number, effect: Effect::Trouble(trouble), .. }) = trigger else { return };
        match trouble {
            Trouble::Rows(rows) => {
                rows.change(answer, &format!("{TRIGGER_DATE}{number:04}"));
            }
            Trouble::Changes(feed) => {
                let rows: Vec<_> =
                    answer.children.iter().filter(|it| it.name == "ElevKontaktPerson").cloned().collect();
                *answer = feed.page(hent.value("SidenSidst").unwrap_or_default(), rows);
            }
            _ => {}
        }
    }

    /// The answer inside what the service has around it, with the names and order of the schema.
    fn wrap(&self, request: &Request, answer: Element, trouble: Trouble) -> Xml {
        let children = match self.service {
            Service::Registration => vec![answer],
            Service::LookUp | Service::Report => {
                let mut children: Vec<Element> =
                    request.message.child("Identifier").cloned().into_iter().collect();
                children.push(Element::text("CorrelationID", self.correlation.clone()));
                children.push(Element::of("Message", vec![answer]));
                children
            }
        };
        let schema = &self.service.contract().schema;
        let root = request.operation.output.body;
        let mut xml = shape(schema, root, &Element::of("Response", children));
        if let Trouble::Unlike(unlike) = trouble {
            unlike.change(&mut xml, schema, root);
        }
        xml
    }

    fn write(&self, status: u16, content: Xml, style: Style) -> Outgoing {
        let (namespace, media_type) = match self.service.version() {
            SoapVersion::V11 => (SOAP_11, "text/xml"),
            SoapVersion::V12 => (SOAP_12, "application/soap+xml"),
        };
        let body = Xml::of(Some(namespace), "Body", vec![content]);
        let envelope = Xml::of(Some(namespace), "Envelope", vec![body]);
        Outgoing::new(status, format!("{media_type}; charset={}", style.charset()), style.write(&envelope))
    }
}

/// `IndberetningSvar`.
fn report_answer(ok: bool, code: Option<u32>) -> Element {
    let mut children = vec![Element::text("Ok", ok.to_string())];
    children.extend(code.map(|code| {
        let text = catalogue::text_of(code, "IndberetningKontaktJobOgUddOensker");
        let code = Element::text("Fejlkode", code.to_string());
        Element::of("Fejl", vec![code, Element::text("Fejltekst", text)])
    }));
    Element::of("IndberetningSvar", children)
}
