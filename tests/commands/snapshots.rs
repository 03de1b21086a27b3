//! Whole answers: exit code, stdout, stderr. Run ids and times of writing are replaced.

use super::two_months;
use crate::support::{Outcome, Shop, StoredRun, stored_runs};

/// The answer with everything that changes from run to run replaced.
fn answer(shop: &Shop, outcome: &Outcome) -> String {
    let (mut stdout, mut stderr) = (outcome.stdout.clone(), outcome.stderr.clone());
    for path in stored_runs(&shop.models()) {
        let run = StoredRun::at(path);
        let id = run.id();
        let written = run.manifest()["created_at"].as_str().unwrap().to_owned();
        for text in [&mut stdout, &mut stderr] {
            *text = text.replace(&id, &format!("{}-<hash>", &id[..10]));
            *text = text.replace(&written, "<time>");
        }
    }
    format!("exit code {}\n--- stdout\n{stdout}--- stderr\n{stderr}", outcome.code.unwrap())
}

#[test]
fn a_first_and_a_second_month() {
    let shop = Shop::with_lines("c001,x1,2024-03-01,five\n,x2,2024-03-01,5\n");
    let outcome =
        shop.command(&["run", "segtrail.toml", "--as-of", "2024-05-31..2024-06-30"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 0
    --- stdout

    segment  group      nhóm               customers  share of revenue  moved in  moved out
    ───────  ─────────  ─────────────────  ─────────  ────────────────  ────────  ─────────
    S01      Champions  Khách hàng ưu tú          19            67.1 %         3          5
    S02      Lost       Đã rời bỏ                  8             6.5 %         0          8
    S04      At risk    Có nguy cơ rời bỏ         13            26.5 %        13          0

    Against 2024-05-31-<hash>: 40 customers in both, 0 new, 0 gone; 16 changed segment, 32 changed group.
    Report: models/shop/2024-06-30-<hash>/report.html
    --- stderr
    2024-05-31: 133 purchases of 40 customers, 6,440.25 USD, 3 segments; 2 rows refused (amount_unreadable 1, customer_missing 1)
    warning: orders are forecast by shrunken cohort means: cohorts have repeat purchases; MBG/NBD was not used: 40 customers, fewer than 50
    2024-06-30: 140 purchases of 40 customers, 6,765.00 USD, 3 segments; 2 rows refused (amount_unreadable 1, customer_missing 1)
    warning: the data end on 2024-06-17, 13 days before 2024-06-30: recency counts these days as silence of the customers. Choose an earlier date or add the missing data
    warning: [transactions] no row from 2024-06-06 to 2024-06-16, on 7 days that usually have some
    ");
}

#[test]
fn the_list_of_runs() {
    let shop = two_months();
    let outcome = shop.command(&["runs"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 0
    --- stdout
    series  run                  customers       revenue  k  silhouette  stability  gates             alias  named by  warnings  previous run
    ──────  ───────────────────  ─────────  ────────────  ─  ──────────  ─────────  ────────────────  ─────  ────────  ────────  ───────────────────
    shop    2024-05-31-<hash>         40  6,440.25 USD  3       0.501          –  –                 –      rfm              1  –
    shop    2024-06-30-<hash>         40  6,765.00 USD  3       0.353          –  not: model churn  –      rfm              3  2024-05-31-<hash>
    --- stderr
    ");
}

#[test]
fn one_run() {
    let shop = two_months();
    let outcome = shop.command(&["show", "latest"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 0
    --- stdout
    shop 2024-06-30-<hash>
      as of 2024-06-30, written <time>, seed 1
      40 customers, 6,765.00 USD, 0 prospects; 140 rows used, 0 refused
      k-means, k = 3, silhouette 0.353; converged
      next 12 months: 282 orders, 13,845.02 USD of spend, CLV 13,153.33 USD; by shrunken cohort means

    segment  group      nhóm               customers  share of revenue  moved in  moved out
    ───────  ─────────  ─────────────────  ─────────  ────────────────  ────────  ─────────
    S01      Champions  Khách hàng ưu tú          19            67.1 %         3          5
    S02      Lost       Đã rời bỏ                  8             6.5 %         0          8
    S04      At risk    Có nguy cơ rời bỏ         13            26.5 %        13          0

    segment  silhouette  separation  from
    ───────  ──────────  ──────────  ────
    S01            0.36        1.05  S04
    S02            0.43        1.11  S04
    S04            0.29        1.05  S01

    S01 Champions: Mean recency score 4.2 (all: 3.0) ≥ 4; mean frequency score 4.0 (all: 3.0) ≥ 4; mean spend score 4.1 (all: 3.0) ≥ 4.
        They have a chance of 7.8% of being active still where the typical customer’s is 2.4%; are expected to spend 505.44 USD over the forecast where the typical customer is to spend 298.86 USD; have placed 5 orders where the typical customer has placed 3.5.
        medoid c022
    S02 Lost: Mean recency score 1.5 (all: 3.0) < 2; (mean frequency score 1.3 (all: 3.0) + mean spend score 1.3 (all: 3.0)) ÷ 2 = 1.3 < 2.
        They have spent 44.25 USD where the typical customer has spent 171.00 USD; have placed 1 order where the typical customer has placed 3.5; last bought 126 days ago where the typical customer did 77 days ago.
        medoid c018
    S04 At risk: Mean recency score 2.2 (all: 3.0) < 2.5; (mean frequency score 2.6 (all: 3.0) + mean spend score 2.5 (all: 3.0)) ÷ 2 = 2.6 ≥ 2.5.
        They have been silent for 6.1 times their usual gap where the typical customer has for 4.0; have spent 109.50 USD where the typical customer has spent 171.00 USD; are expected to place 4.3 orders over the forecast where the typical customer is to place 6.1.
        medoid c019
    warning: the data end on 2024-06-17, 13 days before 2024-06-30: recency counts these days as silence of the customers. Choose an earlier date or add the missing data
    warning: orders are forecast by shrunken cohort means: cohorts have repeat purchases; MBG/NBD was not used: 40 customers, fewer than 50
    warning: [transactions] no row from 2024-06-06 to 2024-06-16, on 7 days that usually have some
    Files: models/shop/2024-06-30-<hash>
    --- stderr
    ");
}

#[test]
fn two_runs_compared() {
    let shop = two_months();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap();
    let outcome = shop.command(&["compare", id(0), id(1)]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 0
    --- stdout
    2024-05-31-<hash> -> 2024-06-30-<hash>
      40 in both, 0 new, 0 gone; 16 changed segment, 32 changed group; adjusted Rand index 0.379

    segment  before  after  stayed  moved in  moved out  new  gone
    ───────  ──────  ─────  ──────  ────────  ─────────  ───  ────
    S01          21     19      16         3          5    0     0
    S02          16      8       8         0          8    0     0
    S03           3      0       0         0          3    0     0
    S04           0     13       0        13          0    0     0

    S01 survived: 76.2 % of its stayers are still in it
    S02 survived: 50.0 % of its stayers are still in it
    S02 split into S02 (50.0 %), S04 (50.0 %)
    S03 was absorbed by S01: 100.0 % of its stayers

    from                 to         customers  revenue before  revenue after    CLV before     CLV after
    ───────────────────  ─────────  ─────────  ──────────────  ─────────────  ────────────  ────────────
    Lost                 At risk            8      759.75 USD     759.75 USD  2,212.83 USD  1,641.22 USD
    Lost                 Lost               8      436.50 USD     436.50 USD  1,412.90 USD  1,054.38 USD
    Loyal customers      At risk            5    1,030.50 USD   1,030.50 USD  1,414.43 USD  1,002.90 USD
    Loyal customers      Champions         16    3,804.00 USD   4,081.50 USD  9,367.36 USD  8,014.51 USD
    Potential loyalists  Champions          3      409.50 USD     456.75 USD  1,642.92 USD  1,440.32 USD

    who moved                                    stayers   share
    ───────────────────────────────────────────  ───────  ──────
    nobody                                            24  60.0 %
    the customer, as both models say                   3   7.5 %
    the customer, the models differ on where to        0   0.0 %
    the customer, but the new model keeps them         0   0.0 %
    the model alone                                   13  32.5 %
    model churn 32.5 % (20.1 % to 48.0 %), above the budget of 5.0 %

    agreement of the stayers        value   95 % interval
    ──────────────────────────────  ─────  ──────────────
    adjusted Rand index             0.379  0.201 to 0.557
    adjusted mutual information     0.457  0.352 to 0.563
    normalised mutual information   0.490  0.391 to 0.589
    homogeneity                     0.529  0.406 to 0.652
    completeness                    0.457  0.357 to 0.556
    V-measure                       0.490  0.391 to 0.589
    variation of information, nats  0.989  0.783 to 1.196

    segment  most like  in both  in either  Jaccard   95 % interval
    ───────  ─────────  ───────  ─────────  ───────  ──────────────
    S01      S01             16         24    0.667  0.467 to 0.820
    S02      S02              8         16    0.500  0.280 to 0.720
    S03      S01              3         19    0.158  0.055 to 0.376

    input drift: [transactions] no row from 2024-06-06 to 2024-06-16, on 7 days that usually have some
    input drift: [transactions] no row from 2024-06-18 to 2024-06-30, on 8 days that usually have some

    Configuration: the same
    Data
      as_of: 2024-05-31 → 2024-06-30
      last_purchase: 2024-05-31 → 2024-06-17
      purchases: 133 → 140
      revenue: 6440.25 → 6765.0

    Medians before → after
    segment  name                         customers  stability            total spend  number of orders  days since last purchase
    ───────  ───────────────────────────  ─────────  ─────────  ─────────────────────  ────────────────  ────────────────────────
    S01      Loyal customers → Champions    21 → 19          –             237.00 USD             4 → 5                   33 → 45
    S02      Lost                            16 → 8          –  81.00 USD → 44.25 USD             2 → 1                  78 → 126
    S03      Potential loyalists → –          3 → –          –         132.75 USD → –             3 → –                     1 → –
    S04      – → At risk                     – → 13          –         – → 109.50 USD             – → 3                   – → 103

    S01 shifted by 0.50 spreads
    S02 shrank by 50 %, tightened by 29 %, shifted by 1.02 spreads
    S02 looks split into S02 (50 %) and S04 (50 %); its stability was not measured: a split

    --- stderr
    ");
}

#[test]
fn a_missing_column() {
    let shop = Shop::new().edit("\"customer\"", "\"Customer ID\"");
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 1
    --- stdout
    --- stderr
    error: sales.csv: has no column `Customer ID`; it has `customer`, `order`, `time`, `amount`. Correct [transactions] in the configuration
    ");
}

#[test]
fn an_unknown_key() {
    let shop = Shop::new().edit("k = 3", "kk = 3");
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 1
    --- stdout
    --- stderr
    error: segtrail.toml: TOML parse error at line 15, column 1
       |
    15 | kk = 3
       | ^^
    unknown field `kk`, expected one of `method`, `engine`, `k`, `restarts`, `kmeans`, `max_iterations`, `tolerance`, `covariance_floor`, `covariance`, `noise`, `min_customers`, `max_share`, `bounds`, `bootstrap`, `stability`, `select`, `layers`
    ");
}

#[test]
fn a_date_that_is_none() {
    let shop = Shop::new();
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "June"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @r"
    exit code 2
    --- stdout
    --- stderr
    error: invalid value 'June' for '--as-of <DATE|A..B>': `June` is not a date such as 2017-12-31

    For more information, try '--help'.
    ");
}
