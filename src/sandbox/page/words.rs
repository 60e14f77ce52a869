//! What the page says, in both languages.

use crate::types::Language;

/// The fixed texts of the page, as HTML.
pub(super) struct Words {
    pub(super) title: &'static str,
    /// Tag and name of the other language.
    pub(super) other: (&'static str, &'static str),
    pub(super) pages: &'static str,
    pub(super) documentation: &'static str,
    pub(super) problems: &'static str,
    pub(super) code_lists: &'static str,
    pub(super) intro: &'static str,
    pub(super) state: &'static str,
    pub(super) registered: &'static str,
    pub(super) reports: &'static str,
    pub(super) bounded: &'static str,
    pub(super) reset: &'static str,
    pub(super) shell: &'static str,
    pub(super) shell_about: &'static str,
    pub(super) cast: &'static str,
    pub(super) cast_about: &'static str,
    pub(super) number: &'static str,
    pub(super) name: &'static str,
    pub(super) age: &'static str,
    pub(super) part: &'static str,
    pub(super) presets: &'static str,
    pub(super) presets_about: &'static str,
    pub(super) identifier: &'static str,
    pub(super) times: &'static str,
    pub(super) triggers: &'static str,
    pub(super) triggers_about: &'static str,
    pub(super) digits: &'static str,
    pub(super) happens: &'static str,
    pub(super) try_it: &'static str,
    pub(super) rules: &'static str,
    pub(super) rules_about: &'static str,
    pub(super) code: &'static str,
    pub(super) when: &'static str,
    pub(super) source: &'static str,
    pub(super) refused: &'static str,
    pub(super) allowed: &'static str,
    pub(super) never: &'static str,
    pub(super) calls: &'static str,
    pub(super) calls_about: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Danish => &DANISH,
    }
}

static ENGLISH: Words = Words {
    title: "Sandbox",
    other: ("da", "Dansk"),
    pages: "Pages",
    documentation: "Documentation",
    problems: "Problems",
    code_lists: "Code lists",
    intro: "Simulated upstreams: Ungedatabasen and DFDG as real SOAP, with made-up people. Nothing here reaches an authority. \
            Never send data about real people: whoever can open this page can read the calls below.",
    state: "State",
    registered: "Registrations",
    reports: "Reports received",
    bounded: "At most 10 000 registrations are kept; the oldest are forgotten first.",
    reset: "Start over",
    shell: "Before the lines below",
    shell_about: "The curl lines use these variables; the last is for lines that say for which authority they are.",
    cast: "Who lives here",
    cast_about: "Everybody lives in municipality 151 (number 7654321), belongs to jobcentre 15101 and unemployment fund 11 and is \
                 served by external operator 12345678 unless said otherwise. Ages stay as they are. Numbers that begin with \
                 <code>020202</code> are ten thousand more people of 22 with one contact person and nothing registered. Other numbers \
                 name nobody (14 or 1010).",
    number: "CPR number",
    name: "Name",
    age: "Age",
    part: "Is there because",
    presets: "There from the start",
    presets_about: "Open contact groups have the identifier <code>22000000-0000-4000-8000-00</code> followed by the CPR number, and \
                    began at Danish midnight 90 days ago.",
    identifier: "Identifier",
    times: "Times",
    triggers: "Triggers",
    triggers_about: "<p>Four digits make the upstream answer as the table says. They stand</p><ul>\
                     <li>after <code>010199</code> in a CPR number: <code>0101996005</code>;</li>\
                     <li>at the end of an identifier where no CPR number is sent: <code>00000000-0000-4000-8000-000000004743</code>;</li>\
                     <li>after <code>0000</code> in a CV customer number: <code>00009151</code>;</li>\
                     <li>as the year from which changes are asked for: <code>since=7080-06-01T00:00:00Z</code>.</li></ul>\
                     <p>Codes work on every operation of their system; the line shows the first that describes them. From 7000 on the \
                     operation is carried out unless said otherwise. Five failures in a row make the gateway leave the upstream alone \
                     for ten seconds.</p>",
    digits: "Digits",
    happens: "What happens",
    try_it: "Try it",
    rules: "Rules",
    rules_about: "<p>What is refused without any trigger. D: the interface description or STAR's public pages say so. C: the code's own \
                  text does. G: our guess, or an invented number. Run the lines after a fresh start; the last of the refused ones is the \
                  one that is refused, and those that are allowed come as near to the rule as can be.</p>",
    code: "Code",
    when: "Answered when",
    source: "Source",
    refused: "refused",
    allowed: "allowed",
    never: "The gateway never lets it come to this",
    calls: "Calls received",
    calls_about: "The last 200, newest first, as they went over the wire; also as JSON at <a href=\"sandbox/calls\">/sandbox/calls</a>.",
};

static DANISH: Words = Words {
    title: "Sandkasse",
    other: ("en", "English"),
    pages: "Sider",
    documentation: "Dokumentation",
    problems: "Problemer",
    code_lists: "Kodelister",
    intro: "Simulerede bagvedliggende systemer: Ungedatabasen og DFDG som rigtig SOAP, med opdigtede personer. Intet herfra når en \
            myndighed. Send aldrig oplysninger om rigtige personer: alle, der kan åbne siden, kan læse kaldene nedenfor.",
    state: "Tilstand",
    registered: "Registreringer",
    reports: "Modtagne indberetninger",
    bounded: "Der gemmes højst 10.000 registreringer; de ældste glemmes først.",
    reset: "Begynd forfra",
    shell: "Før linjerne nedenfor",
    shell_about: "Curl-linjerne bruger disse variable; den sidste er til linjer, der siger, hvilken myndighed de er for.",
    cast: "Hvem bor her",
    cast_about: "Alle bor i kommune 151 (nummer 7654321), hører til jobcenter 15101 og a-kasse 11 og betjenes af anden aktør 12345678, \
                 medmindre andet er nævnt. Aldre ændrer sig ikke. Numre, der begynder med <code>020202</code>, er ti tusind flere \
                 personer på 22 år med én kontaktperson og ingen registreringer. Andre numre betegner ingen (14 eller 1010).",
    number: "CPR-nummer",
    name: "Navn",
    age: "Alder",
    part: "Er her, fordi",
    presets: "Findes fra begyndelsen",
    presets_about: "Åbne kontaktgrupper har id'et <code>22000000-0000-4000-8000-00</code> efterfulgt af CPR-nummeret og begyndte ved dansk \
                    midnat for 90 dage siden.",
    identifier: "Id",
    times: "Tidspunkter",
    triggers: "Udløsere",
    triggers_about: "<p>Fire cifre får systemet til at svare som i tabellen. De står</p><ul>\
                     <li>efter <code>010199</code> i et CPR-nummer: <code>0101996005</code>;</li>\
                     <li>sidst i et id, hvor der ikke sendes et CPR-nummer: <code>00000000-0000-4000-8000-000000004743</code>;</li>\
                     <li>efter <code>0000</code> i et CV-kundenummer: <code>00009151</code>;</li>\
                     <li>som det år, der spørges om ændringer siden: <code>since=7080-06-01T00:00:00Z</code>.</li></ul>\
                     <p>Koder virker på alle operationer i deres system; linjen viser den første, der beskriver dem. Fra 7000 udføres \
                     operationen, medmindre andet er nævnt. Fem fejl i træk får gatewayen til at lade systemet være i ti sekunder.</p>",
    digits: "Cifre",
    happens: "Hvad der sker",
    try_it: "Prøv",
    rules: "Regler",
    rules_about: "<p>Det, der afvises uden nogen udløser. D: grænsefladebeskrivelsen eller STARs offentlige sider siger det. C: kodens egen \
                  tekst gør. G: vores gæt eller et opfundet nummer. Kør linjerne efter at have begyndt forfra; det er den sidste af de \
                  afviste, der afvises, og de tilladte kommer så tæt på reglen som muligt.</p>",
    code: "Kode",
    when: "Svares når",
    source: "Kilde",
    refused: "afvises",
    allowed: "tillades",
    never: "Gatewayen lader det aldrig komme dertil",
    calls: "Modtagne kald",
    calls_about: "De seneste 200, nyeste først, som de gik over nettet; også som JSON på <a href=\"sandbox/calls\">/sandbox/calls</a>.",
};
