//! The warnings that runs keep: code, English and Vietnamese, by code but where a more particular pattern
//! has to stand before a more general one.

/// Code, English pattern, Vietnamese.
pub(super) const PHRASES: &[(&str, &str, &str)] = &[
    // A warning of one layer of one stage, which stands for those of others.
    (
        "layers",
        "{!what} (the first of {#count}; the layers made {#fits} fits)",
        "{what} (trường hợp đầu trong {count}; các lớp gồm {fits} lần khớp)",
    ),
    (
        "layers",
        "stage {~stage}, layer `{layer}`: {!what}",
        "Giai đoạn {stage}, lớp `{layer}`: {what}",
    ),
    ("layers", "new", "mới"),
    ("layers", "active", "đang hoạt động"),
    ("layers", "at_risk", "có nguy cơ rời bỏ"),
    ("layers", "lapsed", "đã rời bỏ"),
    ("layers", "reactivated", "đã quay lại"),
    (
        "attribute_constant",
        "the attribute `{name}` has the one value `{value}`: it tells no two customers apart and does not count in the vector",
        "Thuộc tính `{name}` chỉ có một giá trị `{value}`: thuộc tính này không phân biệt được khách hàng nên không được tính khi phân cụm",
    ),
    (
        "attribute_missing",
        "{#none} of {#all} customers have no value of `{name}`: they are placed {!place}",
        "{none} trong {all} khách hàng không có giá trị của `{name}`: {place}",
    ),
    ("attribute_missing", "as a value of their own", "họ được tính là một giá trị riêng"),
    ("attribute_missing", "between its values", "họ được đặt ở giữa các giá trị"),
    (
        "attribute_too_varied",
        "the attribute `{name}` has {#values} different values, more than {#most}: it is left out of the profiles. List the attributes to use in [customers]",
        "Thuộc tính `{name}` có {values} giá trị khác nhau, nhiều hơn {most}: thuộc tính này không có trong hồ sơ phân khúc. Hãy liệt kê các thuộc tính cần dùng trong [customers]",
    ),
    (
        "bootstrap_failed",
        "{#failed} of {#refits} resamples gave no model and do not count",
        "{failed} trong {refits} lần khớp lại trên mẫu lấy lại không cho ra mô hình và không được tính",
    ),
    (
        "bootstrap_sampled",
        "stability was measured on a sample of {#sample} of {#all} customers",
        "Độ ổn định được đo trên mẫu gồm {sample} trong {all} khách hàng",
    ),
    (
        "campaign_without_dates",
        "{#undated} contacts of [campaign] have no date: they are scored by all purchases up to the run's date, which the campaign itself may have caused. Name the column of the contact's date with `time`",
        "{undated} lượt tiếp cận trong [campaign] không có ngày: chúng được chấm điểm theo mọi lần mua đến ngày chốt, kể cả những lần mua có thể do chính chiến dịch mang lại. Hãy khai báo cột ngày tiếp cận bằng `time`",
    ),
    (
        "bootstrap_sampled",
        "stability was measured on a sample of {#sample} of {#all} customers, stage by stage",
        "Độ ổn định được đo trên mẫu gồm {sample} trong {all} khách hàng, theo từng giai đoạn",
    ),
    (
        "bootstrap_failed",
        "{#failed} of {#refits} resamples of stages gave no model and do not count",
        "{failed} trong {refits} lần khớp lại theo giai đoạn trên mẫu lấy lại không cho ra mô hình và không được tính",
    ),
    (
        "candidate_failed",
        "the {name} gave no model and is not among the candidates: {~why}",
        "Phương án {name} không cho ra mô hình và không nằm trong các phương án được xét: {why}",
    ),
    (
        "clv_fallback",
        "orders are forecast by {~method}: {~why}",
        "Số đơn hàng được dự báo bằng {method}: {why}",
    ),
    (
        "complaint_kind_absent",
        "[interactions] complaint: no row by {date} is of the kind {absent}; the kinds are {kinds}. Correct it unless nobody complained",
        "[interactions] complaint: đến {date} không có dòng nào thuộc loại {absent}; các loại hiện có là {kinds}. Hãy sửa lại, trừ khi đúng là không ai khiếu nại",
    ),
    (
        "criteria_sampled",
        "gap statistic and prediction strength were computed on a sample of {#sample} of {#all} customers",
        "Thống kê gap và độ mạnh dự đoán được tính trên mẫu gồm {sample} trong {all} khách hàng",
    ),
    (
        "customers_moved",
        "{#moved} of {#all} customers are not in the nearest segment, so that each segment has {!bounds} customers: the model alone would assign them elsewhere, and bounds no later month",
        "{moved} trong {all} khách hàng không nằm ở phân khúc gần nhất, để mỗi phân khúc có {bounds} khách: riêng mô hình sẽ xếp họ vào nơi khác, và mô hình không giới hạn quy mô ở các tháng sau",
    ),
    ("customers_moved", "from {#least} to {#most}", "từ {least} đến {most}"),
    ("customers_moved", "at least {#least}", "ít nhất {least}"),
    (
        "data_end_before_as_of",
        "the data end on {end}, {#days} {!unit} before {date}: recency counts these days as silence of the customers. Choose an earlier date or add the missing data",
        "Dữ liệu kết thúc ngày {end}, {days} {unit} trước ngày {date}: các ngày này bị tính là khoảng khách hàng im lặng. Hãy chọn ngày chốt sớm hơn hoặc bổ sung dữ liệu còn thiếu",
    ),
    ("data_end_before_as_of", "days", "ngày"),
    ("data_end_before_as_of", "day", "ngày"),
    (
        "empty_clusters_dropped",
        "of {#all} clusters fitted, {#empty} have no customer and were taken out",
        "Trong {all} cụm đã khớp, {empty} cụm không có khách hàng nào và đã bị loại",
    ),
    (
        "fit_not_sound",
        "the likelihood of {model} has no maximum that these data determine (gradient {#gradient}, condition of the Hessian {~condition}): do not use the parameters",
        "Hàm hợp lý của {model} không có cực đại xác định được từ dữ liệu này (gradient {gradient}, số điều kiện của ma trận Hesse: {condition}): đừng dùng các tham số này",
    ),
    ("fit_not_sound", "not defined", "không xác định"),
    (
        "gamma_gamma_not_used",
        "order values are shrunken means: {~why}",
        "Giá trị đơn hàng là trung bình co rút: {why}",
    ),
    (
        "gate_customers",
        "{#found} {!what}, fewer than {#least}: read the segments with care",
        "Chỉ có {found} {what}, ít hơn {least}: hãy thận trọng với các phân khúc",
    ),
    ("gate_customers", "customers with a purchase", "khách có mua hàng"),
    (
        "gate_history_days",
        "days from the first purchase to the last",
        "ngày từ lần mua đầu đến lần mua cuối",
    ),
    (
        "gate_repeat_buyers",
        "customers with purchases on two days or more",
        "khách mua từ hai ngày trở lên",
    ),
    (
        "ids_normalised",
        "{#rows} rows have customer ids written as decimals (13085.0); they were read as whole numbers (13085). Set [transactions.format] customer_id = \"text\" to keep them as written",
        "{rows} dòng có mã khách hàng viết dạng số thập phân (13085.0); chúng được đọc thành số nguyên (13085). Đặt [transactions.format] customer_id = \"text\" nếu muốn giữ nguyên cách viết",
    ),
    (
        "input_drift",
        "{#more} more changes of the input stand in the report",
        "Còn {more} thay đổi khác của dữ liệu đầu vào được nêu trong báo cáo",
    ),
    (
        "interactions_unknown_customers",
        "{#strangers} customers of [interactions] are neither in the sales nor in [customers]; they count as prospects. Check that ids are written alike",
        "{strangers} khách trong [interactions] không có trong dữ liệu bán hàng lẫn [customers]; họ được tính là khách tiềm năng. Hãy kiểm tra mã khách hàng có được viết giống nhau không",
    ),
    (
        "k_bounded",
        "the bounds on the size of segments allow {#low} to {#high} segments of {#all} customers: k was chosen from these rather than from {#from} to {#to}",
        "Giới hạn quy mô phân khúc cho phép từ {low} đến {high} phân khúc với {all} khách hàng: k được chọn trong khoảng này thay vì từ {from} đến {to}",
    ),
    (
        "k_reduced",
        "only {#distinct} customers differ in the clustered features: k was reduced from {#high} to {#k}",
        "Chỉ có {distinct} khách hàng khác nhau ở các đặc trưng phân cụm: k được giảm từ {high} xuống {k}",
    ),
    (
        "layer_without_features",
        "layer `{layer}` does not divide the stage {~stage}: none of its customers has {features}",
        "Lớp `{layer}` không chia được giai đoạn {stage}: không khách nào ở đó có {features}",
    ),
    (
        "margin_not_positive",
        "costs take up all spend (margin {#rate} % of it): values to come are not positive. Check the column of costs",
        "Chi phí lấy hết chi tiêu (tỷ suất lợi nhuận {rate}%): giá trị tương lai không dương. Hãy kiểm tra cột chi phí",
    ),
    (
        "medoid_unproven",
        "the medoid of {segments} is the best of the most central customers: there are too many to compare all",
        "Khách trung tâm của {segments} được chọn trong số những khách gần tâm nhất: phân khúc quá đông để so sánh mọi khách",
    ),
    (
        "micro_segments_merged",
        "{#merged} of {#all} strings of layers, with {#customers} customers, have fewer than {#least} customers and were merged into their nearest",
        "{merged} trong {all} tổ hợp lớp, gồm {customers} khách hàng, có ít hơn {least} khách và đã được gộp vào tổ hợp gần nhất",
    ),
    (
        "micro_silhouette_sampled",
        "silhouettes of micro-segments were averaged over stratified samples of {#some} of {#all} customers, stage by stage",
        "Hệ số silhouette của vi phân khúc được tính trung bình trên mẫu phân tầng gồm {some} trong {all} khách hàng, theo từng giai đoạn",
    ),
    (
        "mixture_of_levels",
        "the mixture may follow columns of two values, such as `{first}`, rather than the numbers beside them, whatever their weight: use method = \"kmeans\"",
        "Mô hình hỗn hợp có thể chạy theo các cột chỉ có hai giá trị, như `{first}`, thay vì các cột số bên cạnh, bất kể trọng số: hãy dùng method = \"kmeans\"",
    ),
    (
        "movement_unavailable",
        "whether customers moved or the model cannot be told: {~why}",
        "Không thể phân biệt khách hàng hay mô hình đã dịch chuyển: {why}",
    ),
    (
        "no_structure",
        "no structure was found: {!figures}; the segments divide one cloud of customers, and their borders are a matter of choice",
        "Không thấy cấu trúc cụm: {figures}; các phân khúc chia một đám khách hàng liên tục, ranh giới giữa chúng là tùy cách chọn",
    ),
    (
        "no_structure",
        "{#within} % of the squares lie within {#k} clusters, against {#reference} % in data without clusters ({#errors} standard errors)",
        "{within}% tổng bình phương nằm trong {k} cụm, so với {reference}% ở dữ liệu không có cụm ({errors} sai số chuẩn)",
    ),
    (
        "noise",
        "{#outliers} of {#all} customers are more probably noise than of any segment (weight of the noise {#weight}); each is in the segment nearest to it",
        "{outliers} trong {all} khách hàng giống ngoại lệ hơn là thuộc về một phân khúc (trọng số của phần ngoại lệ: {weight}); mỗi khách được xếp vào phân khúc gần nhất",
    ),
    (
        "not_converged",
        "the clustering {!after} before it was at rest: raise max_iterations",
        "Thuật toán phân cụm {after} khi chưa hội tụ: hãy tăng max_iterations",
    ),
    ("not_converged", "stopped after {#n} iterations", "dừng sau {n} vòng lặp"),
    ("not_converged", "stopped within {#n} iterations", "dừng trong {n} vòng lặp"),
    (
        "one_cluster",
        "all {#all} customers have the same values of every clustered feature: they form one segment",
        "Cả {all} khách hàng có cùng giá trị ở mọi đặc trưng phân cụm: họ tạo thành một phân khúc",
    ),
    (
        "out_of_time_unavailable",
        "no candidate could be held against the model of the run before: {~why}",
        "Không thể đối chiếu các phương án với mô hình của lần chạy trước: {why}",
    ),
    (
        "out_of_time_unavailable",
        "its covariances are not positive definite",
        "các hiệp phương sai của mô hình không xác định dương",
    ),
    (
        "override_drift_unknown",
        "{!whose} that it is `{group}` stays in force, but how far the segment has moved since cannot be told: it has none of the features that it was clustered by then. Set it anew with segtrail label set",
        "{whose}, xếp vào nhóm `{group}`, vẫn có hiệu lực, nhưng không đo được phân khúc đã lệch bao nhiêu: phân khúc không còn đặc trưng nào đã dùng để phân cụm khi đó. Hãy đặt lại bằng segtrail label set",
    ),
    (
        "override_drifted",
        "{!whose} that it is `{group}` stays in force, but the segment has since drifted by {!drift}; the rule says `{rule}`. Set it anew with segtrail label set, or withdraw it with segtrail label unset",
        "{whose}, xếp vào nhóm `{group}`, vẫn có hiệu lực, nhưng từ đó phân khúc đã lệch {drift}; theo quy tắc thì là `{rule}`. Hãy đặt lại bằng segtrail label set, hoặc rút lại bằng segtrail label unset",
    ),
    (
        "override_drifted",
        "{#spreads} spreads (limit {#limit}) in {@feature} (from {#then} to {#now})",
        "{spreads} lần độ phân tán (ngưỡng {limit}) về {feature} (từ {then} thành {now})",
    ),
    (
        "override_expired",
        "{!whose} that it is `{group}` was valid until {until}: its rule names it again. Set it anew with segtrail label set where it still holds",
        "{whose}, xếp vào nhóm `{group}`, có hiệu lực đến hết ngày {until}: nay tên theo quy tắc được dùng lại. Nếu nhận định vẫn đúng, hãy đặt lại bằng segtrail label set",
    ),
    (
        "override_group_unknown",
        "{!whose} that it is `{group}` cannot be kept: the taxonomy has no such group (it has: {known}). The rule's `{rule}` stands, the judgement stays in overrides.json. Set another group with segtrail label set",
        "{whose}, xếp vào nhóm `{group}`, không giữ được: hệ phân loại không có nhóm này (các nhóm hiện có: {known}). Tên theo quy tắc `{rule}` được dùng, nhận định vẫn nằm trong overrides.json. Hãy đặt nhóm khác bằng segtrail label set",
    ),
    (
        "override_segment_ended",
        "{!whose} that it is `{group}` has nothing to hold for: this run has no segment {segment}. It stays in overrides.json and holds again where the segment comes back; segtrail label unset {run} {own} withdraws it",
        "{whose}, xếp vào nhóm `{group}`, không còn đối tượng: lần chạy này không có phân khúc {segment}. Nhận định vẫn nằm trong overrides.json và có hiệu lực lại khi phân khúc trở lại; segtrail label unset {run} {own} sẽ rút lại nhận định này",
    ),
    (
        "override_drifted",
        "the judgement of {author} on {segment} (of {date})",
        "Nhận định của {author} về {segment} (ngày {date})",
    ),
    (
        "p_active_one_time_buyers",
        "p_active is 0 for the {#once} customers who bought once, before the date: (T/N)^n cannot tell them apart",
        "p_active bằng 0 với {once} khách chỉ mua một lần trước ngày chốt: công thức (T/N)^n không phân biệt được họ",
    ),
    (
        "previous_run_gone",
        "the run before, {run}, is not in the store: groups begin anew with this run, and it is compared with none",
        "Lần chạy trước, {run}, không còn trong kho: lịch sử nhóm bắt đầu lại từ lần chạy này và không có gì để so sánh",
    ),
    (
        "purchases_not_poisson",
        "purchases come more {!how} than at random: the shape of the gaps is {#shape} ({#low} to {#high}), a Poisson process has 1 and {~model} serves from {#from} to {#to}. Read p_alive with care; compare with `segtrail clv validate`",
        "Nhịp mua {how} hơn so với ngẫu nhiên: tham số hình dạng của khoảng cách giữa các lần mua là {shape} (từ {low} đến {high}), quá trình Poisson có giá trị 1 và {model} phù hợp từ {from} đến {to}. Hãy thận trọng với p_alive; đối chiếu bằng `segtrail clv validate`",
    ),
    ("purchases_not_poisson", "regularly", "đều đặn"),
    ("purchases_not_poisson", "in bursts", "dồn dập từng đợt"),
    (
        "retrain_refitted",
        "the month was refitted from scratch: {~why}",
        "Tháng này được khớp lại từ đầu: {why}",
    ),
    (
        "retrain_refitted",
        "the model of the run before has layers",
        "mô hình của lần chạy trước có nhiều lớp",
    ),
    (
        "retrain_refitted",
        "the model of the run before was fitted to {before}, and now {now} are asked for",
        "mô hình của lần chạy trước được khớp trên {before}, còn nay cấu hình dùng {now}",
    ),
    (
        "retrain_refitted",
        "the model of the run before is {!before}, and now {!now} is asked for",
        "mô hình của lần chạy trước là {before}, còn nay cấu hình dùng {now}",
    ),
    ("retrain_refitted", "a mixture", "mô hình hỗn hợp"),
    ("retrain_refitted", "k-means", "k-means"),
    (
        "rule_without_figures",
        "no candidate has a figure that the rule asks for ({asked}): by {auto}",
        "Không phương án nào có số liệu mà quy tắc chọn yêu cầu ({asked}); thay vào đó: {auto}",
    ),
    (
        "scores_collapse",
        "{name} has {#bins} distinct values instead of 5: too many customers share one value to tell fifths apart",
        "{name} chỉ có {bins} giá trị khác nhau thay vì 5: quá nhiều khách có cùng giá trị nên không chia được thành năm mức",
    ),
    (
        "segments_merged",
        "segments of fewer than {#least} customers ({#sizes}) were merged with their nearest and the model refitted: {#k} segments instead of {#before}",
        "Các phân khúc có ít hơn {least} khách ({sizes}) đã được gộp vào phân khúc gần nhất và mô hình được khớp lại: còn {k} phân khúc thay vì {before}",
    ),
    (
        "segments_split",
        "segments of more than {#most} customers ({#sizes}) were split and the model refitted: {#k} segments instead of {#before}",
        "Các phân khúc có nhiều hơn {most} khách ({sizes}) đã được chia nhỏ và mô hình được khớp lại: {k} phân khúc thay vì {before}",
    ),
    (
        "silhouette_sampled",
        "silhouettes were averaged over a stratified sample of {#rows} of {#all} customers, to within {#half} at 95 % confidence",
        "Hệ số silhouette được tính trung bình trên mẫu phân tầng gồm {rows} trong {all} khách hàng, sai số ±{half} ở độ tin cậy 95%",
    ),
    (
        "spend_depends_on_frequency",
        "repeat purchases and their mean spend have a correlation of {#rho}, beyond {#bound}: the model of spend takes them for independent, so the values of frequent customers are rather too {!side}. Read clv as a ranking, or value groups of customers apart",
        "Số lần mua lặp lại và mức chi trung bình có tương quan {rho}, vượt quá {bound}: mô hình chi tiêu coi chúng là độc lập, nên giá trị của khách mua thường xuyên có phần {side}. Hãy xem clv như một thứ hạng, hoặc định giá riêng từng nhóm khách",
    ),
    ("spend_depends_on_frequency", "low", "quá thấp"),
    ("spend_depends_on_frequency", "high", "quá cao"),
    ("stage_too_small", "{!stage} ({#customers})", "{stage} ({customers})"),
    (
        "stage_too_small",
        "too few customers to divide, so one micro-segment each: {*stages}. A stage needs twice min_customers = {#least}",
        "Quá ít khách để chia nhỏ, nên mỗi giai đoạn là một vi phân khúc: {stages}. Một giai đoạn cần gấp đôi min_customers = {least}",
    ),
    (
        "taxonomy_changed",
        "the run before, {run}, has its groups by `{key}` and none by the main taxonomy of this run: previous_group and group_changed_on begin anew, and the flow between groups is one between two taxonomies",
        "Lần chạy trước, {run}, xếp nhóm theo `{key}` và không có nhóm theo hệ phân loại chính của lần chạy này: previous_group và group_changed_on bắt đầu lại, và luồng giữa các nhóm là luồng giữa hai hệ phân loại",
    ),
    (
        "interactions_empty",
        "no row of [{section}] lies at or before {date}",
        "Không có dòng nào của [{section}] đến hết ngày {date}",
    ),
    (
        "interactions_unmatched",
        "no customer of [{section}] is in the sales by {date}. Check its column of customers and that ids are written alike",
        "Đến ngày {date} không khách nào của [{section}] có trong dữ liệu bán hàng. Hãy kiểm tra cột mã khách hàng và cách viết mã",
    ),
    (
        "interactions_rejects",
        "{#rows} rows of [{section}] were refused ({reasons}); see rejects.csv",
        "{rows} dòng của [{section}] bị từ chối ({reasons}); xem rejects.csv",
    ),
    // What the linter says, of which `faults` has the sentences.
    (
        "taxonomy",
        "taxonomy `{name}`, line {#line}: {!what}",
        "Hệ phân loại `{name}`, dòng {line}: {what}",
    ),
    // What commands other than a run say.
    (
        "holdout_beyond_data",
        "the data end before {until}: the days after their end count as days without any order. Give --until a date that the data reach",
        "Dữ liệu kết thúc trước {until}: các ngày sau đó được tính là ngày không có đơn hàng. Hãy cho --until một ngày có trong dữ liệu",
    ),
    (
        "no_stayers",
        "no customer is in both tables: there is nothing to compare. Are the ids written the same way?",
        "Không khách nào có trong cả hai bảng nên không có gì để so sánh. Mã khách hàng có được ghi theo cùng một cách không?",
    ),
    (
        "rows_without_segment",
        "{path}: {#n} rows have no segment and were left out",
        "{path}: {n} dòng không có phân khúc và đã bị bỏ qua",
    ),
    (
        "ids_normalised",
        "{path}: {#n} ids of the form 13085.0 were read as 13085",
        "{path}: {n} mã dạng 13085.0 được đọc thành 13085",
    ),
];
