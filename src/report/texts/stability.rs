//! The words of the section of how real each segment is.

use crate::types::texts;

texts! {
    /// The words of stability.
    StabilityTexts;
    title: "How real each segment is", "Mỗi phân khúc đáng tin đến đâu";
    lead: "{drawn}. On each, the model was refitted from fresh starts, and every segment compared with the most similar one of the refit: a segment that is real is found again.", "{drawn}. Trên mỗi mẫu, mô hình được khớp lại từ đầu và từng phân khúc được so với phân khúc giống nó nhất trong lần khớp lại: phân khúc có thật sẽ được tìm lại.";
    drawn_bootstrap: "Out of {customers} customers, {resamples} samples of the same size were drawn with replacement", "Từ {customers} khách hàng, {resamples} mẫu cùng cỡ được lấy có hoàn lại";
    drawn_subset: "Out of {customers} customers, {resamples} samples of {subset} were drawn without replacement", "Từ {customers} khách hàng, {resamples} mẫu gồm {subset} khách được lấy không hoàn lại";
    drawn_both: "Out of {customers} customers, {resamples} samples of the same size were drawn with replacement and {resamples} of {subset} without", "Từ {customers} khách hàng, {resamples} mẫu cùng cỡ được lấy có hoàn lại và {resamples} mẫu gồm {subset} khách được lấy không hoàn lại";
    sampled: "Of {total} customers, a sample of {customers} was used.", "Chỉ dùng một mẫu {customers} trong {total} khách hàng.";
    failed: "{failed} resamples gave no model and do not count.", "{failed} mẫu không cho ra mô hình và không được tính.";
    none: "Stability was not measured in this run.", "Lần chạy này không đo độ ổn định.";
    word: "Found again", "Tìm lại được";
    highly_stable: "highly stable", "rất ổn định";
    stable: "stable", "ổn định";
    doubtful: "a pattern, who belongs to it is doubtful", "có khuôn mẫu nhưng chưa rõ gồm những ai";
    unstable: "unstable, not to be trusted", "không ổn định, không nên tin";
    highly_stable_short: "highly stable", "rất ổn định";
    stable_short: "stable", "ổn định";
    doubtful_short: "doubtful", "chưa chắc chắn";
    unstable_short: "unstable", "không ổn định";
    jaccard_bootstrap: "Similarity, with replacement", "Độ giống, mẫu có hoàn lại";
    jaccard_subset: "Similarity, without", "Độ giống, mẫu không hoàn lại";
    dissolved: "Dissolved", "Bị tan rã";
    recovered: "Recovered", "Được khôi phục";
    times: "{times} of {resamples}", "{times}/{resamples}";
    customers: "Stability of its customers", "Độ ổn định của khách hàng";
    silhouette: "Silhouette", "Hệ số silhouette";
    separation: "Separation", "Độ tách biệt";
    neighbour: "Nearest segment", "Phân khúc gần nhất";
    note: "Similarity is the mean Jaccard similarity: customers in both segments over customers in either. From 0.85 highly stable, from 0.75 stable, from 0.60 a pattern whose members are doubtful, below that not to be trusted (Hennig 2007). A resample dissolves a segment at 0.5 or less and recovers it at 0.75 or more. The stability of a customer is the share of refits that put them into the segment most like their own. The silhouette runs from −1 to 1: near 0 customers lie as close to another segment as to their own. Separation is the distance to the centre of the nearest segment over the sum of the mean distances of the two from their centres: below 1 they overlap.", "Độ giống là hệ số Jaccard trung bình: số khách thuộc cả hai phân khúc chia cho số khách thuộc ít nhất một trong hai. Từ 0,85 là rất ổn định, từ 0,75 là ổn định, từ 0,60 là có khuôn mẫu nhưng chưa rõ gồm những ai, thấp hơn thì không nên tin (Hennig 2007). Một mẫu làm tan rã phân khúc khi hệ số từ 0,5 trở xuống và khôi phục khi từ 0,75 trở lên. Độ ổn định của khách hàng là tỷ lệ các lần khớp lại xếp khách vào phân khúc giống phân khúc của họ nhất. Hệ số silhouette từ −1 đến 1: gần 0 nghĩa là khách ở gần phân khúc khác ngang với phân khúc của mình. Độ tách biệt là khoảng cách đến tâm phân khúc gần nhất chia cho tổng khoảng cách trung bình của hai phân khúc đến tâm của chúng: dưới 1 là chồng lấn.";
}
