//! Content models over members, and the order in which members that clients send must be written.

use super::arena::ElementIx;

/// A part of a content model.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: Term,
    /// The members in it, ascending.
    pub(super) members: Vec<usize>,
    /// Whether nothing at all satisfies it.
    pub(super) emptiable: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Term {
    /// Occurrences of one member; a repetition holds `low` to `high` of them.
    Leaf {
        member: usize,
        element: Option<ElementIx>,
        low: u32,
        high: Option<u32>,
    },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    All(Vec<Node>),
}

/// A stretch of a member's items, in the order of the wire.
pub(super) type Run = (usize, usize, usize);

/// Why members do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// This member is missing.
    Missing(usize),
    /// One of these sets of members is missing.
    NoneOf(Vec<Vec<usize>>),
    /// This member cannot stand with the others; the alternatives.
    TooMany(usize, Vec<Vec<usize>>),
    /// A number of items that no repetition gives.
    Count(usize),
}

/// Steps after which members count as fitting nowhere: no real schema needs more, and some could ask for ages.
const MAX_STEPS: u32 = 200_000;

/// The order in which `counts` items of each member satisfy the model.
pub(super) fn fit(model: &Node, counts: &[usize], unique: bool) -> Result<Vec<Run>, Misfit> {
    let mut fit =
        Fit { counts, used: vec![0; counts.len()], runs: Vec::new(), steps: 0, worst: None, reached: 0 };
    if unique {
        fit.plain(model)?;
        return Ok(fit.runs);
    }
    let done = fit.node(model, &mut |fit| fit.left_over(&model.members, &[]));
    if done {
        return Ok(fit.runs);
    }
    Err(fit.worst.unwrap_or(Misfit::NoneOf(Vec::new())))
}

struct Fit<'c> {
    counts: &'c [usize],
    used: Vec<usize>,
    runs: Vec<Run>,
    steps: u32,
    worst: Option<Misfit>,
    reached: usize,
}

type Then<'t, 'c> = &'t mut dyn FnMut(&mut Fit<'c>) -> bool;

impl<'c> Fit<'c> {
    fn left(&self, member: usize) -> usize {
        self.counts[member] - self.used[member]
    }

    fn has_any(&self, node: &Node) -> bool {
        node.members.iter().any(|member| self.left(*member) > 0)
    }

    /// Where each member has one place, what is present decides everything.
    fn plain(&mut self, node: &Node) -> Result<(), Misfit> {
        if !self.has_any(node) {
            return if node.emptiable { Ok(()) } else { Err(lacking(node)) };
        }
        match &node.term {
            Term::Leaf { member, low, high, .. } => {
                let count = self.left(*member);
                if !accepts(node, *low, *high, count) {
                    return Err(Misfit::Count(*member));
                }
                self.take(*member, count);
                Ok(())
            }
            Term::Sequence(parts) | Term::All(parts) => parts.iter().try_for_each(|part| self.plain(part)),
            Term::Choice(parts) => {
                let mut present = parts.iter().filter(|part| self.has_any(part));
                let (first, second) = (present.next(), present.next());
                if let Some(second) = second {
                    let member = second.members.iter().find(|member| self.left(**member) > 0);
                    return Err(Misfit::TooMany(member.copied().unwrap_or(0), alternatives(parts)));
                }
                first.map_or(Ok(()), |part| self.plain(part))
            }
        }
    }

    fn take(&mut self, member: usize, count: usize) {
        if count > 0 {
            self.runs.push((member, self.used[member], self.used[member] + count));
            self.used[member] += count;
        }
    }

    /// Whether nothing of `members` is left; what is left is too many.
    fn left_over(&mut self, members: &[usize], among: &[Node]) -> bool {
        match members.iter().find(|member| self.left(**member) > 0) {
            None => true,
            Some(member) => self.fail(Misfit::TooMany(*member, alternatives(among))),
        }
    }

    /// Remembers the misfit of the attempt that came furthest.
    fn fail(&mut self, misfit: Misfit) -> bool {
        let reached: usize = self.used.iter().sum();
        if self.worst.is_none() || reached > self.reached {
            self.reached = reached;
            self.worst = Some(misfit);
        }
        false
    }

    /// Tries a part, then what comes after it; takes back what it took when that fails.
    fn node(&mut self, node: &Node, then: Then<'_, 'c>) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return false;
        }
        if !self.has_any(node) {
            return if node.emptiable { then(self) } else { self.fail(lacking(node)) };
        }
        match &node.term {
            Term::Leaf { member, low, high, .. } => self.leaf(node, *member, (*low, *high), then),
            Term::Sequence(parts) | Term::All(parts) => {
                self.sequence(parts, then) || (node.min == 0 && then(self))
            }
            Term::Choice(parts) => {
                let tried = parts.iter().any(|part| self.has_any(part) && self.node(part, then));
                tried || (node.emptiable && then(self)) || {
                    let misfit = Misfit::NoneOf(alternatives(parts));
                    self.fail(misfit)
                }
            }
        }
    }

    fn sequence(&mut self, parts: &[Node], then: Then<'_, 'c>) -> bool {
        match parts.split_first() {
            None => then(self),
            Some((first, rest)) => self.node(first, &mut |fit| fit.sequence(rest, &mut *then)),
        }
    }

    fn leaf(&mut self, node: &Node, member: usize, unit: (u32, Option<u32>), then: Then<'_, 'c>) -> bool {
        let left = self.left(member);
        let most = node.max.zip(unit.1).map(|(max, high)| max.saturating_mul(high) as usize);
        let most = most.map_or(left, |most| most.min(left));
        for count in (0..=most).rev().filter(|count| accepts(node, unit.0, unit.1, *count)) {
            let length = self.runs.len();
            self.take(member, count);
            if then(self) {
                return true;
            }
            self.runs.truncate(length);
            self.used[member] -= count;
            if self.steps > MAX_STEPS {
                return false;
            }
        }
        self.fail(Misfit::Count(member))
    }
}

/// Whether some number of repetitions holds `count` items.
fn accepts(node: &Node, low: u32, high: Option<u32>, count: usize) -> bool {
    let count = count as u64;
    if count == 0 {
        return node.min == 0 || low == 0;
    }
    // The fewest repetitions that hold so many.
    let fewest = match high {
        None => 1,
        Some(0) => return false,
        Some(high) => count.div_ceil(u64::from(high)),
    };
    let repetitions = fewest.max(u64::from(node.min));
    node.max.is_none_or(|max| repetitions <= u64::from(max)) && repetitions * u64::from(low) <= count
}

/// What a part that must be there lacks.
fn lacking(node: &Node) -> Misfit {
    match &node.term {
        Term::Leaf { member, .. } => Misfit::Missing(*member),
        Term::Sequence(parts) | Term::All(parts) => {
            parts.iter().find(|part| !part.emptiable).map_or(Misfit::NoneOf(Vec::new()), lacking)
        }
        Term::Choice(parts) => Misfit::NoneOf(alternatives(parts)),
    }
}

/// The members that each alternative needs; all that it may hold where it needs none.
pub(super) fn alternatives(parts: &[Node]) -> Vec<Vec<usize>> {
    let named = |part: &Node| {
        let needed = required(part);
        if needed.is_empty() { part.members.clone() } else { needed }
    };
    parts.iter().map(named).collect()
}

/// The members that stand in everything that satisfies a part.
pub(super) fn required(node: &Node) -> Vec<usize> {
    if node.min == 0 {
        return Vec::new();
    }
    match &node.term {
        Term::Leaf { member, low, .. } => (*low > 0).then_some(*member).into_iter().collect(),
        Term::Sequence(parts) | Term::All(parts) => {
            let mut all: Vec<usize> = parts.iter().flat_map(required).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        Term::Choice(parts) => {
            let mut sets = parts.iter().map(required);
            let first = sets.next().unwrap_or_default();
            sets.fold(first, |common, set| common.into_iter().filter(|member| set.contains(member)).collect())
        }
    }
}

/// Least and most items of a member that satisfy a part.
pub(super) fn bounds(node: &Node, member: usize) -> (u32, Option<u32>) {
    if !node.members.contains(&member) {
        return (0, Some(0));
    }
    let add = |(low, high): (u32, Option<u32>), (l, h): (u32, Option<u32>)| {
        (low.saturating_add(l), high.zip(h).map(|(high, h)| high.saturating_add(h)))
    };
    let (low, high) = match &node.term {
        Term::Leaf { low, high, .. } => (*low, *high),
        Term::Sequence(parts) | Term::All(parts) => {
            parts.iter().map(|part| bounds(part, member)).fold((0, Some(0)), add)
        }
        Term::Choice(parts) => {
            let each = parts.iter().map(|part| bounds(part, member));
            each.reduce(|(low, high), (l, h)| (low.min(l), high.zip(h).map(|(high, h)| high.max(h))))
                .unwrap_or((0, Some(0)))
        }
    };
    (low.saturating_mul(node.min), high.zip(node.max).map(|(high, max)| high.saturating_mul(max)))
}
