//! The section of personas: a card for each group and each segment, with bars of shares against
//! those of all customers. Draws what `run::personas` computed and hid.

use maud::{Markup, html};

use super::persona_portrait::Portraits;
use crate::features::Unit;
use crate::label::layers_in_words;
use crate::report::texts::{PersonaTexts, Texts, fill};
use crate::report::view::{View, rgb};
use crate::run::{Figure, Persona, Segment};
use crate::types::{CustomerId, GroupKey};

/// Features of the three blocks.
const BUYING: [&str; 6] = [
    "recency_days",
    "gap_mean_days",
    "n_orders",
    "monetary_mean",
    "rows_per_order",
    "n_interactions",
];
const WORTH: [&str; 6] =
    ["monetary_total", "margin_total", "clv", "p_alive", "share_of_wallet", "wallet_opportunity"];
const JOURNEY: [&str; 1] = ["tenure_days"];

/// Segments of a group whose medoids its card names, the largest.
const MEDOIDS: usize = 3;
/// Other typical customers of a segment on its card.
const TYPICAL: usize = 3;

/// The section; none without a segment.
pub(super) fn personas(view: &View) -> Option<Markup> {
    let page = Cards { view, words: PersonaTexts::of(view.language) };
    let personas = &view.personas;
    // The order of all tables: highest revenue first.
    let mut groups: Vec<&Persona> = personas.groups.iter().collect();
    let revenue = |persona: &Persona| -> f64 {
        page.segments(persona).map(|segment| segment.profile.revenue).sum()
    };
    groups.sort_by(|a, b| revenue(b).total_cmp(&revenue(a)).then_with(|| a.group.cmp(&b.group)));
    if groups.is_empty() {
        return None;
    }
    let least = view.format.count(personas.min_cell as u64);
    let words = page.words;
    let portraits = groups.iter().any(|card| !card.portrait.is_empty());
    let rate = view.format.rate(personas.false_discovery_rate, 1);
    Some(html! {
        p { (words.lead) }
        p.note {
            (fill(words.index_note, &[("rate", &rate)]))
            @if personas.min_cell > 1 { " " (fill(words.small_note, &[("n", &least)])) }
            " " (words.median_note)
        }
        @if !portraits { p.note { (words.no_table) } }
        @if !personas.left_out.is_empty() {
            p.note { (fill(words.left_out, &[("names", &personas.left_out.join(", "))])) }
        }
        @for card in groups {
            (page.card(card))
            @if card.segments.len() > 1 {
                @let n = view.format.count(card.segments.len() as u64);
                @let name = view.group_name(&card.group);
                details.people {
                    summary { (fill(words.more_cards, &[("n", &n), ("group", &name)])) }
                    @for segment in page.segments(card) {
                        @if let Some(own) = page.of_segment(segment) { (page.card(own)) }
                    }
                }
            }
        }
    })
}

struct Cards<'a> {
    view: &'a View<'a>,
    words: &'static PersonaTexts,
}

impl<'a> Cards<'a> {
    /// The segments of a card in the page's order.
    fn segments<'b>(
        &'b self,
        persona: &'b Persona,
    ) -> impl Iterator<Item = &'a Segment> + use<'a, 'b> {
        let own = move |segment: &&&Segment| persona.segments.contains(&segment.segment);
        self.view.segments.iter().filter(own).copied()
    }

    fn of_segment(&self, segment: &Segment) -> Option<&'a Persona> {
        let view: &'a View<'a> = self.view;
        view.personas.segments.iter().find(|card| card.segments == [segment.segment])
    }

    /// Whether a card is a segment's.
    fn is_segment(&self, persona: &Persona) -> bool {
        self.view.personas.segments.iter().any(|card| std::ptr::eq(card, persona))
    }

    fn card(&self, persona: &Persona) -> Markup {
        let (view, words) = (self.view, self.words);
        let segments: Vec<&Segment> = self.segments(persona).collect();
        let label = segments.first().map(|segment| &segment.label);
        let tone = label.map(|label| label.color.as_str()).filter(|color| rgb(color).is_some());
        let portraits = Portraits { view, words, customers: persona.customers };
        let of_groups = !self.is_segment(persona);
        let buying = self.figures(persona, &BUYING);
        let worth = self.figures(persona, &WORTH);
        let tenure = self.figures(persona, &JOURNEY);
        let stages = persona.stages.as_ref().map(|stages| portraits.stages(stages));
        let origins = persona.origins.as_ref().map(|was| portraits.origins(was, of_groups));
        let too_few = buying.is_none() && worth.is_none() && stages.is_none();
        html! {
            article.persona style=[tone.map(|tone| format!("--tone:{tone}"))] {
                (self.head(persona, &segments))
                div.blocks {
                    @if !persona.portrait.is_empty() {
                        div.block.wide {
                            h4 { (words.who) }
                            div.attributes {
                                @for own in &persona.portrait { (portraits.attribute(own)) }
                            }
                        }
                    }
                    @if too_few { div.block { p { (words.too_few) } } }
                    @if let Some(buying) = buying {
                        div.block { h4 { (words.buying) } (buying) }
                    }
                    @if let Some(worth) = worth { div.block { h4 { (words.worth) } (worth) } }
                    @if stages.is_some() || tenure.is_some() || origins.is_some() {
                        div.block {
                            h4 { (words.journey) }
                            @if let Some(stages) = stages { (stages) }
                            @if let Some(origins) = origins { (origins) }
                            @if let Some(tenure) = tenure { (tenure) }
                        }
                    }
                    (self.typical(persona, &segments))
                    @if let Some(treatment) = label.and_then(|label| label.treatment.as_ref()) {
                        div.block.wide.todo {
                            h4 { (words.treatment) }
                            dl {
                                @for (name, said) in [
                                    (words.action, &treatment.action),
                                    (words.channel, &treatment.channel),
                                    (words.avoid, &treatment.avoid),
                                ] {
                                    div { dt { (name) } dd { (said.get(view.language)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Name, what the group is, size, revenue and value to come.
    fn head(&self, persona: &Persona, segments: &[&Segment]) -> Markup {
        let (view, words) = (self.view, self.words);
        let format = &view.format;
        let ids: Vec<String> = segments.iter().map(|s| s.segment.to_string()).collect();
        let of = match &ids[..] {
            [id] => fill(words.of_segment, &[("segment", id)]),
            ids => fill(words.of_segments, &[("segments", &ids.join(", "))]),
        };
        let micro = match segments {
            [segment] => segment.micro.as_ref().map(|micro| layers_in_words(micro, view.language)),
            _ => None,
        };
        let share = |share: f64| fill(words.of_all, &[("share", &format.percent(share))]);
        let revenue: f64 = segments.iter().map(|segment| segment.profile.revenue).sum();
        let of_all: Option<f64> =
            segments.iter().map(|segment| segment.profile.share_of_revenue).sum();
        let clv = persona.figures.iter().find(|figure| figure.feature == "clv");
        html! {
            header {
                div {
                    p.kind { (of) @if let Some(micro) = micro { " · " (micro) } }
                    h3 { (view.group_name(&persona.group)) " " (self.other_name(&persona.group)) }
                    @if let Some(segment) = segments.first() {
                        p.what { (segment.label.description.get(view.language)) }
                    }
                }
                dl.facts {
                    (fact(words.customers, &format.count(persona.customers as u64),
                        Some(share(persona.share_of_customers))))
                    (fact(words.revenue, &format.headline(revenue), of_all.map(share)))
                    @if let Some((clv, total)) = clv.and_then(|clv| Some((clv, clv.total?))) {
                        (fact(words.to_come, &format.headline(total),
                            clv.share_of_total.map(share)))
                    }
                }
            }
        }
    }

    fn other_name(&self, group: &GroupKey) -> Markup {
        let other = self.view.other_language();
        let names = self.view.group_names(group);
        html! {
            @if let Some(names) = names {
                span.other lang=(Texts::of(other).lang) { (names.get(other)) }
            }
        }
    }

    /// A table of medians beside everybody's; none where none of them is known.
    fn figures(&self, persona: &Persona, names: &[&str]) -> Option<Markup> {
        let (view, words) = (self.view, self.words);
        let find = |name: &&str| persona.figures.iter().find(|figure| figure.feature == **name);
        let rows: Vec<&Figure> =
            names.iter().filter_map(find).filter(|figure| figure.own.is_some()).collect();
        if rows.is_empty() {
            return None;
        }
        let shown = |figure: &Figure, value: f64| match figure.unit {
            Unit::Money => view.format.headline(value),
            unit => view.format.value(value, unit),
        };
        // The median has named the currency.
        let bare = |figure: &Figure, value: f64| match figure.unit {
            Unit::Money if value.abs() >= 1_000.0 => view.format.decimal(value, 0),
            unit => view.format.value(value, unit),
        };
        Some(html! {
            table.figures {
                thead { tr {
                    td {}
                    th.number scope="col" { (words.own) }
                    th.number.all scope="col" { (words.everybody) }
                } }
                tbody {
                    @for figure in rows {
                        tr {
                            th scope="row" { (view.feature(&figure.feature)) }
                            td.number {
                                @if let Some(own) = figure.own {
                                    strong { (shown(figure, own.median)) }
                                    @if own.low < own.high {
                                        @let (low, high) =
                                            (bare(figure, own.low), bare(figure, own.high));
                                        span.other {
                                            (fill(words.spread, &[("low", &low), ("high", &high)]))
                                        }
                                    }
                                }
                            }
                            td.number.all {
                                @if let Some(all) = figure.everybody {
                                    (shown(figure, all.median))
                                }
                            }
                        }
                    }
                }
            }
        })
    }

    /// The medoids of the largest segments, and of one segment other typical customers.
    fn typical(&self, persona: &Persona, segments: &[&Segment]) -> Markup {
        let words = self.words;
        let mut largest: Vec<&Segment> = segments.to_vec();
        largest.sort_by_key(|segment| std::cmp::Reverse(segment.profile.customers));
        largest.truncate(MEDOIDS);
        let medoids: Vec<(&Segment, &CustomerId)> = (largest.iter())
            .filter_map(|segment| {
                let people = segment.representatives.as_ref()?;
                Some((*segment, &people.medoid.as_ref()?.customer))
            })
            .collect();
        let also: Vec<&str> = match (persona.segments.len(), medoids.first()) {
            (1, Some((segment, medoid))) => (segment.representatives.iter())
                .flat_map(|people| &people.typical)
                .map(|typical| &typical.customer)
                .filter(|customer| customer != medoid)
                .take(TYPICAL)
                .map(CustomerId::as_str)
                .collect(),
            _ => Vec::new(),
        };
        html! {
            @if !medoids.is_empty() {
                div.block {
                    h4 { (words.typical) }
                    @for (segment, medoid) in &medoids {
                        p.customer {
                            span.kind {
                                @if persona.segments.len() > 1 {
                                    @let id = segment.segment.to_string();
                                    (fill(words.medoid_of, &[("segment", &id)]))
                                } @else { (words.medoid) }
                            }
                            strong { (medoid) }
                            span { (self.in_words(medoid)) }
                        }
                    }
                    @if !also.is_empty() {
                        p.note { (fill(words.others_typical, &[("customers", &also.join(", "))])) }
                    }
                }
            }
        }
    }

    /// Recency, orders and spend of one customer.
    fn in_words(&self, customer: &CustomerId) -> String {
        let (view, words) = (self.view, self.words);
        let row = view.run.features.customers.binary_search(customer).ok();
        let figure = |name: &str| {
            let value = view.run.features.column(name)?.values[row?];
            (!value.is_nan()).then_some(value)
        };
        let whole = |value: f64| view.format.value(value, Unit::Count);
        let said = [
            figure("recency_days").map(|days| fill(words.recency, &[("n", &whole(days))])),
            figure("n_orders").map(|orders| fill(words.orders, &[("n", &whole(orders))])),
            figure("monetary_total")
                .map(|spend| fill(words.spend, &[("amount", &view.format.headline(spend))])),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn fact(name: &str, figure: &str, note: Option<String>) -> Markup {
    html! {
        div {
            dt { (name) }
            dd.figure { (figure) }
            @if let Some(note) = note { dd.note { (note) } }
        }
    }
}
