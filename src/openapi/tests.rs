//! The documents against the definitions, against themselves, and against the files that are committed.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};

use super::{Format, OAuth, Options, Version, document, render, text};
use crate::operation::Spec;
use crate::services;
use crate::shape::{json as raw, read};

/// What Power Platform takes.
const LARGEST: usize = 1_000_000;

fn rendered(version: Version) -> Json {
    render::version(document(&Options::default()), version)
}

fn operation<'d>(document: &'d Json, spec: &Spec) -> &'d Json {
    &document["paths"][spec.path][spec.method.as_str().to_lowercase()]
}

/// Every operation of a document, with its path and method.
fn operations(document: &Json) -> Vec<(&str, &str, &Json)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    methods.collect()
}

fn resolved<'d>(document: &'d Json, json: &'d Json) -> &'d Json {
    match json["$ref"].as_str() {
        Some(target) => document.pointer(&target[1..]).unwrap_or_else(|| panic!("{target} leads nowhere")),
        None => json,
    }
}

/// The schema as a document of its own, with everything that it may refer to.
fn validator(document: &Json, schema: &Json) -> Validator {
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("allOf".to_owned(), json!([schema]));
    whole.insert("components".to_owned(), json!({ "schemas": document["components"]["schemas"] }));
    jsonschema::options().should_validate_formats(true).build(&Json::Object(whole)).unwrap()
}

fn assert_valid(document: &Json, schema: &Json, value: &Json, place: &str) {
    let faults: Vec<String> = validator(document, schema)
        .iter_errors(value)
        .map(|fault| format!("{} {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{place}: {faults:?}");
}

#[test]
fn every_route_is_an_operation_with_its_texts_and_rights() {
    let document = rendered(Version::V31);
    for spec in services::specs() {
        let operation = operation(&document, spec);
        assert_eq!(operation["operationId"], spec.id);
        assert_eq!(operation["summary"], spec.summary);
        assert_eq!(operation["tags"], json!([spec.tag]));
        assert_eq!(operation["x-ungebro-scopes"], json!(spec.scopes.names()));
        let kinds: Vec<_> = spec.authorities.kinds().iter().map(|kind| kind.as_str()).collect();
        assert_eq!(operation["x-ungebro-authorities"], json!(kinds));
        assert_eq!(operation.get("deprecated").is_some(), spec.deprecated, "{}", spec.id);
        assert!(operation["responses"].get(spec.status.to_string()).is_some(), "{}", spec.id);
    }
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert!(services::specs().all(|spec| tags.contains(spec.tag)));
}

#[test]
fn bodies_have_the_members_of_the_shapes() {
    let document = rendered(Version::V31);
    for spec in services::specs().filter(|spec| !spec.body.is_empty()) {
        let content = &operation(&document, spec)["requestBody"]["content"]["application/json"];
        let schema = resolved(&document, &content["schema"]);
        let properties: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(
            properties,
            spec.body_members().map(|member| member.name).collect::<Vec<_>>(),
            "{}",
            spec.id
        );
        let required = spec.body_members().filter(|member| member.required).map(|member| member.name);
        let required: Vec<_> = required.collect();
        assert_eq!(schema.get("required").cloned().unwrap_or(json!([])), json!(required), "{}", spec.id);
        assert_eq!(schema["additionalProperties"], false);
    }
}

#[test]
fn every_member_says_what_it_means_and_which_element_it_is() {
    let document = rendered(Version::V31);
    for spec in services::specs() {
        let answer = &operation(&document, spec)["responses"][spec.status.to_string()];
        let contents = [&operation(&document, spec)["requestBody"], answer]
            .map(|message| &message["content"]["application/json"]["schema"]);
        for schema in contents.into_iter().filter(|schema| !schema.is_null()) {
            for (name, member) in resolved(&document, schema)["properties"].as_object().unwrap() {
                assert!(member["description"].is_string(), "{} {name}", spec.id);
                assert!(member["x-soap-element"].is_string(), "{} {name}", spec.id);
            }
        }
    }
}

#[test]
fn every_example_is_valid() {
    let document = rendered(Version::V31);
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolved(&document, parameter);
            assert_valid(
                &document,
                &parameter["schema"],
                &parameter["example"],
                &format!("{place} {}", parameter["name"]),
            );
        }
        let responses = operation["responses"]
            .as_object()
            .unwrap()
            .values()
            .map(|response| resolved(&document, response));
        let messages = responses.chain([&operation["requestBody"]]);
        let contents = messages.flat_map(|message| message["content"].as_object().into_iter().flatten());
        for (media, content) in contents {
            let several = content["examples"].as_object().into_iter().flatten();
            let values = several
                .map(|(_, example)| &resolved(&document, example)["value"])
                .chain(content.get("example"));
            let values: Vec<_> = values.collect();
            assert!(!values.is_empty(), "{place} {media}");
            let validator = validator(&document, &content["schema"]);
            for value in values {
                let faults: Vec<String> =
                    validator.iter_errors(value).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{place} {media}: {faults:?}");
            }
        }
    }
}

#[test]
fn the_gateway_takes_every_example_of_a_body() {
    let document = rendered(Version::V31);
    for spec in services::specs().filter(|spec| !spec.body.is_empty()) {
        let examples = &operation(&document, spec)["requestBody"]["content"]["application/json"]["examples"];
        for (name, example) in examples.as_object().unwrap() {
            let text = example["value"].to_string();
            let segments: Vec<_> = spec.body.iter().map(|part| part.object.members).collect();
            let (_, faults) = read::body(&segments, raw::parse(text.as_bytes()).unwrap());
            assert!(faults.is_empty(), "{} {name}: {faults:?}", spec.id);
        }
    }
}

#[test]
fn the_schema_refuses_what_the_gateway_refuses() {
    let document = rendered(Version::V31);
    let body = |id: &str| {
        let spec = services::specs().find(|spec| spec.id == id).unwrap();
        &operation(&document, spec)["requestBody"]["content"]["application/json"]
    };
    let interview = body("createInterview");
    let refuses = |content: &Json, change: &dyn Fn(&mut Json)| {
        let mut value = content["examples"]["full"]["value"].clone();
        change(&mut value);
        !validator(&document, &content["schema"]).is_valid(&value)
    };
    assert!(!refuses(interview, &|value| value["messageIdentifier"] = Json::Null));
    assert!(refuses(interview, &|value| value["interviewType"] = Json::Null));
    assert!(refuses(interview, &|value| value["surprise"] = json!(1)));
    assert!(refuses(interview, &|value| value["participants"] = json!([])));
    assert!(refuses(interview, &|value| value["interviewType"] = json!(100_000_001)));
    assert!(refuses(interview, &|value| value["responsibleAuthority"]["authority"]["code"] = json!("x151")));
    assert!(refuses(interview, &|value| value["agreementDescription"] = json!("x".repeat(3001))));
    let report = body("reportYouth");
    assert!(refuses(report, &|value| *value = json!({})));
    assert!(refuses(report, &|value| *value = json!({ "jobWishes": null })));
    let query = body("queryYouthContacts");
    assert!(refuses(query, &|value| value["cprs"] = json!(["0000000000"])));
    assert!(refuses(query, &|value| value["cprs"] = json!(vec!["0101900000"; 1001])));
}

/// What the interface descriptions say, where the documents once said otherwise: an operation or member, words that
/// must be said of it, and words that must not.
#[test]
fn the_documents_say_what_the_interface_descriptions_say() {
    let document = rendered(Version::V31);
    let problem = |name: &str| crate::problem::catalogue::entry(name).detail.en.clone();
    let of = |id: &str| {
        let spec = services::specs().find(|spec| spec.id == id).unwrap();
        operation(&document, spec)["description"].as_str().unwrap().to_owned()
    };
    let member = |path: &str| {
        let (schema, member) = path.split_once('.').unwrap();
        let member = &document["components"]["schemas"][schema]["properties"][member];
        member["description"].as_str().unwrap_or_else(|| panic!("{path}: {member}")).to_owned()
    };
    for (text, says, says_not) in [
        (problem("youth-not-found"), "15 to 29", "24"),
        (problem("youth-too-old"), "15 to 24", "29"),
        (of("getYouthContacts"), "no age limit", "15 to 24"),
        (of("reportYouth"), "15 to 24", "29"),
        (of("listYouthContactChanges"), "once (inferred", "no such words"),
        (member("YouthContactChanges.latestRegistration"), "time asked from", "the page"),
        (of("registerFundParticipation"), "next joint interview", "fund to take part"),
        (member("FundParticipation.unwanted"), "visiting authority", "fund"),
        (member("FundParticipation.incidentDate"), "refusal was updated", "said so"),
        (of("registerFundParticipationChoice"), "jobcentre does", "takes part in a person's interviews"),
        (member("FundParticipationChoice.participates"), "first joint interview", "no such words"),
        (member("FundParticipationChoice.eventDate"), "refusal was updated", "chosen"),
        (member("Interview.withMoreAuthorities"), "convened with another authority", "several"),
        (member("Interview.interviewTime"), "may differ from the time planned", "no such words"),
        (member("GroupMarking.startTime"), "on a change also not in the past", "no such words"),
        (of("updateHealthLimitation"), "4748", "no such words"),
        (of("correctCategory"), "Corrects", "Cancels"),
        (member("Category.incidentDate"), "was placed in the category", "it holds"),
        (member("MunicipalityContact.phone"), "no leading zero", "country code"),
    ] {
        assert!(text.contains(says) && !text.contains(says_not), "{says}: {text}");
    }
}

/// A code is marked where nothing published lists it for the operation, and nowhere else.
#[test]
fn inferred_codes_and_kinds_are_marked() {
    let document = rendered(Version::V31);
    let described = |id: &str, status: &str| {
        let spec = services::specs().find(|spec| spec.id == id).unwrap();
        let operation = operation(&document, spec);
        assert!(operation["description"].as_str().unwrap().contains("(kinds inferred from"), "{id}");
        resolved(&document, &operation["responses"][status])["description"].as_str().unwrap().to_owned()
    };
    for (id, status, says, says_not) in [
        ("updateInterview", "422", "4653 (inferred)", "4734 (inferred)"),
        ("createInterview", "422", "4653", "4653 (inferred)"),
        ("createCategoryAndInterview", "422", "4768 (inferred)", "4734 (inferred)"),
        ("createInterview", "502", "1009 (inferred)", "no such words"),
        ("getYouthContacts", "502", "IPL000001 (inferred)", "no such words"),
        ("deleteGroupMarking", "409", "4668", "4668 (inferred)"),
        ("addInterviewParticipant", "409", "8188", "8188 (inferred)"),
        ("createContactGroup", "409", "8195", "8195 (inferred)"),
        ("createContactGroup", "422", "4675", "4669"),
        ("registerFundParticipation", "409", "4405", "1010"),
    ] {
        let text = described(id, status);
        assert!(text.contains(says) && !text.contains(says_not), "{id} {status}: {says}: {text}");
    }
    let unknown_person: Vec<_> =
        crate::problem::catalogue::codes().iter().filter(|code| code.code == "1010").collect();
    for spec in
        services::specs().filter(|spec| spec.service.systems == [crate::problem::catalogue::System::Dfdg])
    {
        let listed = unknown_person.iter().any(|code| code.is_expected_of(spec.operation));
        let response = &operation(&document, spec)["responses"]["404"];
        let told = !response.is_null()
            && resolved(&document, response)["description"].as_str().unwrap().contains("1010");
        assert_eq!(told, listed, "{}", spec.id);
    }
}

#[test]
fn every_operation_names_the_codes_that_its_description_lists() {
    let document = rendered(Version::V31);
    for spec in services::specs() {
        for (status, problems) in super::problem::of_route(spec) {
            let response = resolved(&document, &operation(&document, spec)["responses"][status.to_string()]);
            for problem in problems {
                let text = response["description"].as_str().unwrap();
                assert!(
                    text.contains(&format!("`{}`", problem.entry.name)),
                    "{} {}",
                    spec.id,
                    problem.entry.name
                );
                assert!(
                    problem.codes.iter().all(|code| text.contains(&code.code)),
                    "{} {}",
                    spec.id,
                    problem.entry.name
                );
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn follow(document: &Json, json: &Json) {
        match json {
            Json::Array(items) => items.iter().for_each(|item| follow(document, item)),
            Json::Object(members) => {
                resolved(document, json);
                members.values().for_each(|value| follow(document, value));
            }
            _ => {}
        }
    }
    for version in [Version::V31, Version::V30, Version::V20] {
        let document = rendered(version);
        follow(&document, &document);
    }
}

#[test]
fn the_committed_files_are_what_the_program_prints() {
    let files = [
        ("openapi.json", Version::V31, Format::Json),
        ("openapi.yaml", Version::V31, Format::Yaml),
        ("openapi-3.0.json", Version::V30, Format::Json),
        ("openapi-3.0.yaml", Version::V30, Format::Yaml),
        ("swagger.json", Version::V20, Format::Json),
        ("swagger.yaml", Version::V20, Format::Yaml),
    ];
    for (name, version, format) in files {
        let file = format!("{}/openapi/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = text(&Options::default(), version, format);
        assert!(text.len() < LARGEST, "{name} is too large");
        assert!(
            std::fs::read_to_string(&file).is_ok_and(|committed| committed == text),
            "{name} is old: see docs/openapi.md"
        );
    }
}

#[test]
fn yaml_says_the_same_as_json() {
    for version in [Version::V31, Version::V30, Version::V20] {
        let document = rendered(version);
        let yaml: Json = yaml_serde::from_str(&render::text(&document, Format::Yaml)).unwrap();
        assert_eq!(yaml, document);
    }
}

#[test]
fn version_3_0_has_nothing_that_only_3_1_knows() {
    fn look(json: &Json) {
        let Json::Object(members) = json else {
            return json.as_array().into_iter().flatten().for_each(look);
        };
        assert!(!members.get("type").is_some_and(|of| of.is_array() || of == "null"), "{json}");
        assert!(!members.get("examples").is_some_and(Json::is_array), "{json}");
        members
            .iter()
            .filter(|(name, _)| !["example", "value"].contains(&name.as_str()))
            .for_each(|(_, value)| look(value));
    }
    let document = rendered(Version::V30);
    assert_eq!(document["openapi"], "3.0.3");
    look(&document);
    let id = &document["components"]["schemas"]["Interview"]["properties"]["messageIdentifier"];
    assert_eq!((&id["type"], &id["nullable"]), (&json!("string"), &json!(true)));
}

/// <https://learn.microsoft.com/connectors/custom-connectors/faq>: Swagger 2.0, under 1 MB, unique operationIds, no choices.
#[test]
fn swagger_2_0_is_flat_enough_for_power_platform() {
    fn look(json: &Json) {
        let Json::Object(members) = json else {
            return json.as_array().into_iter().flatten().for_each(look);
        };
        for name in ["oneOf", "anyOf", "allOf", "not", "nullable", "const", "content", "requestBody"] {
            assert!(!members.contains_key(name), "{name}");
        }
        let reference = members.get("$ref").and_then(Json::as_str).unwrap_or("#/definitions/");
        assert!(reference.starts_with("#/definitions/"), "{reference}");
        assert!(!members.contains_key("$ref") || members.len() == 1, "{json}");
        members.values().for_each(look);
    }
    let document = rendered(Version::V20);
    look(&document);
    assert!(serde_json::to_string_pretty(&document).unwrap().len() < 1_000_000);
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{place}");
        assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() <= 80), "{place}");
        assert!(operation["description"].is_string(), "{place}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string() && parameter["x-ms-summary"].is_string(), "{place}");
        }
        let success =
            operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        assert_eq!(success.count(), 1, "{place}");
    }
    for (name, definition) in document["definitions"].as_object().unwrap() {
        for (member, schema) in definition["properties"].as_object().unwrap() {
            assert!(
                schema["x-ms-summary"].is_string() && schema["x-ms-visibility"].is_string(),
                "{name}.{member}"
            );
        }
    }
    assert_eq!(document["securityDefinitions"]["bearer"]["name"], "Authorization");
}

#[test]
fn configured_endpoints_become_oauth_flows() {
    let url = |path: &str| Some(format!("https://idp.example.dk/{path}"));
    let options = |authorization_url, token_url| Options {
        oauth: Some(OAuth { authorization_url, token_url }),
        server: "https://api.example.dk/ung".to_owned(),
        ..Options::default()
    };
    let flows =
        |options: &Options| document(options)["components"]["securitySchemes"]["oauth2"]["flows"].clone();
    let both = options(url("authorize"), url("token"));
    assert!(flows(&both)["authorizationCode"].is_object() && flows(&both)["clientCredentials"].is_object());
    assert!(flows(&options(None, url("token")))["clientCredentials"].is_object());
    assert!(flows(&options(url("authorize"), None))["implicit"].is_object());
    let spec = services::specs().find(|spec| spec.id == "createCategoryAndInterview").unwrap();
    let document_of_both = document(&both);
    let security = &operation(&document_of_both, spec)["security"];
    assert_eq!(security[0]["oauth2"], json!(spec.scopes.names()));
    assert_eq!(security[1], json!({ "bearer": [] }));
    let old = render::version(document(&both), Version::V20);
    assert_eq!(old["securityDefinitions"]["oauth2"]["flow"], "accessCode");
    assert_eq!(
        (&old["host"], &old["basePath"], &old["schemes"]),
        (&json!("api.example.dk"), &json!("/ung"), &json!(["https"]))
    );
}

#[test]
fn the_document_follows_the_configuration() {
    let mut options =
        Options { cpr_in_header_only: true, admin_elsewhere: true, days_later: 10, ..Options::default() };
    let settings = crate::config::RouteSettings { enabled: false, authorities: None };
    options.routes.insert("createConsent".to_owned(), settings);
    let document = document(&options);
    assert!(document["paths"].get("/persons/{cpr}/consents").is_none());
    assert!(document["paths"].get("/health/live").is_none());
    let create = &document["paths"]["/persons/{cpr}/interviews"]["post"];
    assert_eq!(create["parameters"][0]["schema"]["pattern"], "^-$");
    let example = &create["requestBody"]["content"]["application/json"]["examples"]["full"]["value"];
    assert_eq!(example["interviewTime"], "2026-11-30T09:00:00+01:00");
    let youth = super::parameter::cpr_pattern(true);
    let youth = crate::shape::whole(&youth);
    assert!(youth.is_match("6101900000") && youth.is_match("0101900000") && !youth.is_match("0000000000"));
}
