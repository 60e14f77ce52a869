//! Names of the wire as names of JSON and of paths.

use ungebro_definition::name::{camel, kebab, pascal};

#[test]
fn a_wire_name_has_one_name_in_json_and_one_in_paths() {
    let cases = [
        ("CPRNr", "cprNr", "cpr-nr"),
        ("STARInstitutionNummer", "starInstitutionNummer", "star-institution-nummer"),
        ("X509SKI", "x509SKI", "x509-ski"),
        ("URL", "url", "url"),
        ("HentCPRNr", "hentCPRNr", "hent-cpr-nr"),
        ("A", "a", "a"),
        ("ABc", "aBc", "a-bc"),
        ("already", "already", "already"),
        ("first_name", "firstName", "first-name"),
        ("FIRST_NAME", "firstNAME", "first-name"),
        ("a.b-c", "aBC", "a-b-c"),
        ("Fødselsår", "foedselsaar", "foedselsaar"),
        ("ÅbenDato", "aabenDato", "aaben-dato"),
        ("ÆNDRING", "aendring", "aendring"),
        ("Ændring", "aendring", "aendring"),
        ("Ø", "oe", "oe"),
        ("PÅ", "paa", "paa"),
        ("Élève", "eleve", "eleve"),
        ("Éle\u{300}ve", "eleve", "eleve"),
        ("名前", "名前", "名前"),
        ("Straße", "straße", "straße"),
        ("2ndName", "_2ndName", "2nd-name"),
        ("_", "_", ""),
        ("__x", "x", "x"),
        ("get2Way", "get2Way", "get2-way"),
        ("v1.2.Get", "v12Get", "v1-2-get"),
    ];
    for (wire, json, path) in cases {
        assert_eq!((camel(wire).as_str(), kebab(wire).as_str()), (json, path), "{wire}");
    }
}

#[test]
fn a_type_name_begins_with_a_capital() {
    for (wire, name) in
        [("personType", "PersonType"), ("CPRNr", "CPRNr"), ("åben_dag", "AabenDag"), ("1x", "_1x")]
    {
        assert_eq!(pascal(wire), name);
    }
}
