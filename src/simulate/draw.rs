//! Simulation, customer number -> SimulatedCustomer: one customer's life, drawn in the order of
//! time so that a longer simulation only adds to it.

use jiff::ToSpan;
use jiff::civil::DateTime;
use rand::{Rng, SeedableRng};
use rand_distr::{Beta, Distribution, Exp1, Gamma, OpenClosed01};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::laws::{BetaLaw, DAYS_PER_MONTH, GammaLaw, MeanLaw};
use super::scenario::GroupSpec;
use super::{SimulatedCustomer, SimulatedOrder, Simulation};
use crate::types::CustomerId;

/// Purpose of [`crate::types::Seed::derive`] for customers; other rooms use small numbers.
const CUSTOMERS: u64 = 0x5349_4D55;
/// Seconds of the day between which shops are open: 08:00:00 up to, not including, 22:00:00.
const SHOP_HOURS: std::ops::Range<i32> = 28_800..79_200;
/// Orders a day below which nobody buys again within any simulation.
const RATE_FLOOR: f64 = 1e-9;

/// A gamma law's draw. The checks of the scenario leave no parameter that is refused, but a draw
/// used as the next law's scale may be too small for one: then the mean.
fn gamma<R: Rng>(rng: &mut R, law: GammaLaw) -> f64 {
    Gamma::new(law.shape, law.scale).map_or(law.mean(), |law| law.sample(rng))
}

/// A beta law's draw; 0 where both parameters are too small for one.
fn beta<R: Rng>(rng: &mut R, a: f64, b: f64) -> f64 {
    Beta::new(a, b).map_or(0.0, |law| law.sample(rng))
}

/// What a member drew on entering a group.
struct Member {
    orders_per_day: f64,
    order_mean: f64,
    /// Probability of lapsing after an order.
    lapse_chance: f64,
    /// The moment of lapsing, in days since the start; infinite until it is known.
    lapses_at: f64,
    /// First month of being lapsed; `u32::MAX` for never.
    lapsed_from: u32,
}

impl Member {
    /// One who enters in `month`, at `moment` of it.
    fn draw<R: Rng>(
        rng: &mut R,
        simulation: &Simulation,
        group: &GroupSpec,
        month: u32,
        moment: f64,
    ) -> Self {
        let orders_per_month = gamma(rng, group.rate);
        let order_mean = match group.order_mean_law {
            MeanLaw::Gamma => gamma(rng, group.order_mean),
            MeanLaw::InverseGamma => {
                let GammaLaw { shape, scale } = group.order_mean;
                scale / gamma(rng, GammaLaw { shape, scale: 1.0 })
            }
        };
        let months = group.dropout.map_or(u32::MAX, |law| months_until_lapse(rng, law));
        let mut member = Self {
            orders_per_day: orders_per_month / DAYS_PER_MONTH,
            order_mean,
            lapse_chance: group.dropout_after_order.map_or(0.0, |law| beta(rng, law.a, law.b)),
            lapses_at: f64::INFINITY,
            lapsed_from: month.saturating_add(months),
        };
        if let Some(law) = group.dropout_rate {
            member.lapse(simulation, moment + lifetime(rng, law));
        }
        member
    }

    fn lapse(&mut self, simulation: &Simulation, moment: f64) {
        self.lapses_at = moment;
        self.lapsed_from = simulation.month_after(moment);
    }
}

/// Days until a member lapses: exponential with a rate from the gamma law (Schmittlein, Morrison
/// and Colombo 1987).
fn lifetime<R: Rng>(rng: &mut R, law: GammaLaw) -> f64 {
    let rate = gamma(rng, law) / DAYS_PER_MONTH;
    let standard: f64 = Exp1.sample(rng);
    if rate > 0.0 { standard / rate } else { f64::INFINITY }
}

/// Months bought in, at least 1: geometric with a probability from the beta law (Fader, Hardie and
/// Lee 2005, with a chance to lapse at the end of each month instead of after each order).
fn months_until_lapse<R: Rng>(rng: &mut R, law: BetaLaw) -> u32 {
    let probability = beta(rng, law.a, law.b);
    months_until(rng, probability)
}

/// Months until an event of this probability a month, at least 1: geometric.
fn months_until<R: Rng>(rng: &mut R, probability: f64) -> u32 {
    let uniform: f64 = OpenClosed01.sample(rng);
    // Inverse distribution function; 0 / 0 where both are certain, which `max` turns into 0.
    let survived = (uniform.ln() / (-probability).ln_1p()).floor().max(0.0);
    (survived as u32).saturating_add(1)
}

/// A group drawn by the shares.
fn entry_group<R: Rng>(rng: &mut R, groups: &[GroupSpec]) -> usize {
    let mut left = rng.r#gen::<f64>() * groups.iter().map(|group| group.share).sum::<f64>();
    let with_members = || groups.iter().enumerate().filter(|(_, group)| group.share > 0.0);
    for (index, group) in with_members() {
        if left < group.share {
            return index;
        }
        left -= group.share;
    }
    with_members().map(|(index, _)| index).next_back().unwrap_or(0)
}

/// Draws customer number `index`.
pub(super) fn customer(simulation: &Simulation, index: u64) -> SimulatedCustomer {
    let seed = simulation.params.seed.derive(CUSTOMERS, index);
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let groups = &simulation.params.scenario.groups;
    let (months, days) = (simulation.params.months, &simulation.month_days);
    let digits = simulation.id_digits;
    let id = format!("C{:0digits$}", index + 1);

    let mut group = entry_group(rng, groups);
    let entry = groups[group].appears + rng.gen_range(0..groups[group].entry_months);
    let entry_day = rng.gen_range(days[entry as usize]..days[entry as usize + 1]);
    let mut truth = vec![None; months as usize];
    let mut lapsed_from = None;
    let mut sales = Sales { simulation, orders: Vec::new() };

    let mut month = entry;
    // The next order, in days since the start.
    let mut clock = f64::from(entry_day) + rng.r#gen::<f64>();
    // One turn a group that the customer belongs to, in the order of time.
    while month < months {
        let spec = &groups[group];
        let moment = if month > entry { f64::from(days[month as usize]) } else { clock };
        let mut member = Member::draw(rng, simulation, spec, month, moment);
        // The first turn begins with an order, a later one somewhere between two orders.
        if month > entry {
            clock = moment + remaining_gap(rng, spec, &member, month);
        }
        // Nothing is drawn where nobody moves: other scenarios stay what they were.
        let moves = simulation.params.scenario.moves;
        let moves_at = match moves > 0.0 {
            true => month.saturating_add(months_until(rng, moves)),
            false => u32::MAX,
        };
        let split =
            spec.splits.as_ref().filter(|split| split.month > month && split.month < months);
        let dies = spec.dies.unwrap_or(u32::MAX);
        // The day before which the member buys, where the turn ends with the month before `end`.
        let silent_from = spec.silent_from.unwrap_or(u32::MAX).min(member.lapsed_from);
        let buys_before = |end: u32| f64::from(days[end.min(silent_from.max(month)) as usize]);
        if let Some(split) = split.filter(|split| split.month <= moves_at) {
            sales.orders_before(rng, spec, &mut member, &mut clock, buys_before(split.month));
            if member.lapsed_from > split.month && rng.gen_bool(split.share) {
                truth[month as usize..split.month as usize].fill(Some(group));
                month = split.month;
                group = simulation.split_targets[group].unwrap_or(group);
                continue;
            }
        }
        if moves_at < months && spec.is_there(moves_at) {
            sales.orders_before(rng, spec, &mut member, &mut clock, buys_before(moves_at));
            let open = simulation.open_to(group, moves_at);
            if member.lapsed_from > moves_at && !open.is_empty() {
                truth[month as usize..moves_at as usize].fill(Some(group));
                month = moves_at;
                group = open[rng.gen_range(0..open.len())];
                continue;
            }
        }
        // Stays as they are, to the group's death or the end.
        let until = dies.min(months);
        sales.orders_before(rng, spec, &mut member, &mut clock, buys_before(until));
        truth[month as usize..until as usize].fill(Some(group));
        lapsed_from = Some(member.lapsed_from).filter(|&lapse| lapse < until);
        break;
    }
    let mut orders = sales.orders;
    orders.sort_by_key(|order| order.time);
    for (number, order) in orders.iter_mut().enumerate() {
        order.id = format!("{id}-{:05}", number + 1);
    }
    SimulatedCustomer {
        id: CustomerId::from(id.as_str()),
        first_contact: simulation.params.start.saturating_add(entry_day.days()),
        orders,
        groups: truth,
        lapsed_from,
    }
}

/// A gap that begins in `month` between two orders, in days: Erlang of order `regularity`.
fn gap<R: Rng>(rng: &mut R, stages: u32, group: &GroupSpec, member: &Member, month: u32) -> f64 {
    let orders_per_day = member.orders_per_day * group.rate_trend.powf(f64::from(month));
    if orders_per_day < RATE_FLOOR {
        return f64::INFINITY;
    }
    let scale = 1.0 / (f64::from(group.regularity) * orders_per_day);
    gamma(rng, GammaLaw { shape: f64::from(stages), scale })
}

/// Days to the next order from a moment unrelated to the orders: of the stages of an Erlang gap,
/// any number is as likely to be left.
fn remaining_gap<R: Rng>(rng: &mut R, group: &GroupSpec, member: &Member, month: u32) -> f64 {
    let stages = rng.gen_range(1..=group.regularity);
    gap(rng, stages, group, member, month)
}

/// The orders so far.
struct Sales<'a> {
    simulation: &'a Simulation,
    orders: Vec<SimulatedOrder>,
}

impl Sales<'_> {
    /// Orders at `clock` and after it, before day `end` and until the member lapses; `clock` is
    /// left at the first one beyond.
    fn orders_before<R: Rng>(
        &mut self,
        rng: &mut R,
        group: &GroupSpec,
        member: &mut Member,
        clock: &mut f64,
        end: f64,
    ) {
        while *clock < end && *clock <= member.lapses_at {
            let may_lapse = (group.dropout_after_order)
                .is_some_and(|law| law.after_first || !self.orders.is_empty());
            let second = rng.gen_range(SHOP_HOURS);
            let month = self.simulation.month_of(*clock);
            let mean = member.order_mean * group.spend_trend.powf(f64::from(month));
            let scale = mean / group.order_shape;
            let spend = gamma(rng, GammaLaw { shape: group.order_shape, scale });
            self.orders.push(SimulatedOrder {
                id: String::new(),
                time: self.moment(*clock, second),
                amount_cents: ((spend * 100.0).round() as i64).max(1),
            });
            if may_lapse && rng.r#gen::<f64>() < member.lapse_chance {
                member.lapse(self.simulation, *clock);
                *clock = f64::INFINITY;
            } else {
                *clock += gap(rng, group.regularity, group, member, month);
            }
        }
    }

    fn moment(&self, clock: f64, second: i32) -> DateTime {
        let day = self.simulation.params.start.saturating_add((clock as i64).days());
        day.to_datetime(jiff::civil::Time::midnight()).saturating_add(i64::from(second).seconds())
    }
}
