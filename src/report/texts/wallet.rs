//! The words of the section of share of wallet.

use crate::types::texts;

texts! {
    /// The words of share of wallet.
    WalletTexts;
    title: "Share of wallet", "Tỷ trọng trong tổng chi (share of wallet)";
    lead: "How much of what customers spend on the category they spend here. An observed wallet is what was seen spent everywhere; a survey gives shares by rank; a modelled wallet is what customers alike spend here at most, so it is the least of the three and says nothing of other shops.", "Khách hàng chi bao nhiêu phần tổng chi cho ngành hàng tại đây. Tổng chi quan sát là số tiền thấy được ở mọi nơi; khảo sát cho tỷ trọng theo thứ hạng; tổng chi theo mô hình là mức cao nhất mà khách tương tự chi tại đây, nên là mức thấp nhất trong ba nguồn và không nói gì về cửa hàng khác.";

    own: "you", "bạn";
    coverage: "Coverage by source", "Độ phủ theo nguồn";
    source: "Source", "Nguồn";
    observed: "Observed", "Quan sát";
    survey: "Survey", "Khảo sát";
    modelled: "Modelled", "Mô hình";
    none: "No share known", "Chưa biết tỷ trọng";
    share_of_all: "Share of customers", "Tỷ lệ khách hàng";
    aggregate_share: "Aggregate share of wallet", "Tỷ trọng gộp";
    mean_share: "Mean share of wallet", "Tỷ trọng trung bình";
    size: "Size of wallets ({currency})", "Tổng chi cho ngành hàng ({currency})";
    opportunity: "Still to be won ({currency})", "Còn có thể giành được ({currency})";
    coverage_note: "The aggregate share is own spend over all wallets together, so large wallets weigh more; the mean share counts every customer alike. The mean over all customers mixes sources and is not shown.", "Tỷ trọng gộp là chi tiêu tại đây chia cho tổng của mọi khách, nên khách chi nhiều có trọng số lớn hơn; tỷ trọng trung bình tính mọi khách như nhau. Trung bình trên toàn bộ khách sẽ trộn lẫn các nguồn nên không hiển thị.";
    no_size: "A dash: the source gives no size of wallet for any customer.", "Dấu gạch: nguồn này không cho biết tổng chi của khách nào.";
    contradicted: "{n} customers with own spend do not name this provider in the survey: their share there is 0, and one of the two is wrong.", "{n} khách có chi tiêu tại đây nhưng không nêu nhà cung cấp này trong khảo sát: tỷ trọng theo khảo sát là 0, một trong hai nguồn sai.";

    matrix: "Share and size of wallet", "Tỷ trọng và quy mô tổng chi";
    matrix_cuts: "High share: from {share} on. Large wallet: from {size} on. A value at the cut counts as high or large.", "Tỷ trọng cao: từ {share} trở lên. Tổng chi lớn: từ {size} trở lên. Giá trị đúng bằng ngưỡng được tính là cao hoặc lớn.";
    matrix_unplaced: "{n} customers have no share or no size and are in no cell.", "{n} khách không có tỷ trọng hoặc không có tổng chi nên không thuộc ô nào.";
    matrix_none: "No customer has both a share and a size of wallet, so nobody can be placed.", "Không có khách nào có cả tỷ trọng lẫn tổng chi nên không xếp được vào ma trận.";
    share_and_size: "Share ↓ size →", "Tỷ trọng ↓ tổng chi →";
    high: "High share", "Tỷ trọng cao";
    low: "Low share", "Tỷ trọng thấp";
    small: "Small wallet", "Tổng chi nhỏ";
    large: "Large wallet", "Tổng chi lớn";
    guard: "Maintain and guard", "Duy trì và bảo vệ";
    sell: "Target for additional selling", "Nhắm bán thêm";
    hold: "Hold on", "Giữ vững";
    nothing: "Do nothing", "Không tác động";
    cell_customers: "{n} customers ({share})", "{n} khách ({share})";
    cell_wallet: "wallets {size}", "tổng chi {size}";
    cell_opportunity: "still to be won {opportunity}", "còn có thể giành {opportunity}";

    providers: "Providers", "Nhà cung cấp";
    providers_caption: "Over {n} customers whose spend with all providers is known. Aggregate share weighs customers by their spend, mean share counts them alike; a customer who does not use a provider counts as 0 in its mean.", "Trên {n} khách biết được chi tiêu ở mọi nhà cung cấp. Tỷ trọng gộp tính theo chi tiêu, tỷ trọng trung bình tính mọi khách như nhau; khách không dùng một nhà cung cấp được tính là 0 trong trung bình của nhà cung cấp đó.";
    providers_desc: "Bar chart of {n} providers: aggregate share and mean share of wallet. Largest: {top}.", "Biểu đồ thanh gồm {n} nhà cung cấp: tỷ trọng gộp và tỷ trọng trung bình. Lớn nhất: {top}.";
    providers_cut: "The {shown} largest of {total} providers are shown; all are in the manifest of the run.", "Hiển thị {shown} nhà cung cấp lớn nhất trong tổng số {total}; đầy đủ trong manifest của lần chạy.";
    provider: "Provider", "Nhà cung cấp";
    spent: "Spend ({currency})", "Chi tiêu ({currency})";
    buyers: "Customers who use it", "Số khách sử dụng";
    penetration: "Penetration", "Độ thâm nhập";
    requirement: "Share of category requirements", "Tỷ trọng nhu cầu ngành hàng (SCR)";
    requirement_note: "Share of category requirements: of all that a provider’s own customers spend, the part spent with it.", "Tỷ trọng nhu cầu ngành hàng: phần chi cho một nhà cung cấp trong toàn bộ chi tiêu của chính khách hàng nhà cung cấp đó.";
    by_category: "Providers by category", "Nhà cung cấp theo ngành hàng";
    categories_cut: "{shown} of {total} categories are shown, the largest by spend.", "Hiển thị {shown} trên {total} ngành hàng, theo chi tiêu lớn nhất.";

    survey_title: "Survey", "Khảo sát";
    survey_valid: "The Wallet Allocation Rule may be used here: both of its conditions hold.", "Có thể dùng Wallet Allocation Rule ở đây: cả hai điều kiện đều thỏa.";
    survey_invalid: "The Wallet Allocation Rule should not be trusted here: at least one of its conditions does not hold.", "Không nên tin Wallet Allocation Rule ở đây: có ít nhất một điều kiện không thỏa.";
    answered: "Customers who answered", "Số khách trả lời";
    multi_brand: "Use several providers (at least {least} needed)", "Dùng nhiều nhà cung cấp (cần ít nhất {least})";
    usage_set: "Mean number of providers (at least {least} needed)", "Số nhà cung cấp trung bình (cần ít nhất {least})";
    survey_shares: "Mean share by the rule", "Tỷ trọng trung bình theo quy tắc";

    model: "How wallets are modelled", "Cách mô hình hóa tổng chi";
    model_chosen: "Used: {method}. The wallet of a customer is the {quantile} quantile of what customers alike spend here, and never below own spend.", "Phương pháp được dùng: {method}. Tổng chi của một khách là phân vị {quantile} của chi tiêu tại đây ở các khách tương tự, và không thấp hơn chi tiêu của chính khách.";
    model_none: "No wallet is modelled.", "Không có tổng chi nào được mô hình hóa.";
    model_customers: "Compared on held-out customers in {folds} parts: {reference} of {customers} customers with own spend. {own} of them spend more than the quantile of their like, so their wallet is their own spend.", "So sánh trên khách để riêng, chia {folds} phần: {reference} trong {customers} khách có chi tiêu tại đây. {own} khách chi nhiều hơn phân vị của khách tương tự nên tổng chi bằng chi tiêu của chính họ.";
    method: "Method", "Phương pháp";
    loss: "Pinball loss", "Tổn thất pinball";
    gain: "Gain over the quantile of all", "Cải thiện so với phân vị chung";
    below: "Held-out customers below", "Khách để riêng nằm dưới";
    unconditional: "Quantile of all customers", "Phân vị của toàn bộ khách";
    neighbours: "{k} nearest customers", "{k} khách gần nhất";
    regression: "Quantile regression of ln(spend)", "Hồi quy phân vị của ln(chi tiêu)";
    losses_note: "Mean loss in {currency} on customers who were not fitted to, ± one standard error: smaller is better. The part below should be near {quantile}.", "Tổn thất trung bình tính bằng {currency} trên khách không dùng để khớp, ± một sai số chuẩn: càng nhỏ càng tốt. Tỷ lệ nằm dưới nên gần {quantile}.";
    losses_undefined: "Where a method could not be fitted, a dash stands with the reason beside.", "Phương pháp không khớp được có dấu gạch kèm lý do bên cạnh.";
    design: "What makes customers alike", "Khách tương tự được xét theo";
    design_none: "Nothing is known by which customers could be alike.", "Không có đặc điểm nào để xét khách tương tự.";
    left_out: "Left out", "Không dùng";
    missing: "Customers without a value", "Số khách thiếu giá trị";
    behaviour: "Behaviour", "Đặc điểm";
}
