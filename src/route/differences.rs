//! Differences as sentences, each said once however many routes it concerns.

use crate::services;
use crate::soap::difference::Difference;

/// One line for each difference: which routes, and what follows.
pub fn lines(differences: &[(&'static str, Difference)]) -> Vec<String> {
    let mut groups: Vec<(&Difference, Vec<&'static str>)> = Vec::new();
    for (route, difference) in differences {
        match groups.iter_mut().find(|(known, _)| *known == difference) {
            Some((_, routes)) => routes.push(route),
            None => groups.push((difference, vec![route])),
        }
    }
    groups.into_iter().map(|(difference, routes)| format!("{} {difference}", subject(&routes))).collect()
}

/// `createInterview`, `createInterview and updateInterview`, `all 25 routes over PersonRegistrationService`.
fn subject(routes: &[&'static str]) -> String {
    match routes {
        [] => String::new(),
        [route] => (*route).to_owned(),
        [some @ .., last] => service_of(routes).map_or_else(
            || format!("{} and {last}", some.join(", ")),
            |service| format!("all {} routes over {service}", routes.len()),
        ),
    }
}

/// The service all of whose routes these are.
fn service_of(routes: &[&'static str]) -> Option<&'static str> {
    services::services().into_iter().find_map(|service| {
        let over = services::specs().filter(|spec| std::ptr::eq(spec.service, service));
        let over: Vec<&str> = over.map(|spec| spec.id).collect();
        (over.len() == routes.len() && over.iter().all(|id| routes.contains(id))).then_some(service.name)
    })
}
