//! The words of the section of a campaign's response.

use crate::types::texts;

texts! {
    /// The words of campaign response.
    CampaignTexts;
    title: "Campaign response", "Phản hồi chiến dịch";
    lead: "Who responded to the past campaign, by the recency, frequency and money of the contacted as they stood before it. Each score is a fifth of the contacted: 5 is the most recent purchase, the most purchase days, the most spend.", "Ai đã phản hồi chiến dịch trước đây, xét theo lần mua gần nhất, tần suất và chi tiêu của khách được liên hệ trước khi chiến dịch diễn ra. Mỗi điểm ứng với một phần năm số khách được liên hệ: 5 là mua gần đây nhất, nhiều ngày mua nhất, chi tiêu nhiều nhất.";

    contacts: "Contacts", "Lượt liên hệ";
    contacts_note: "of customers who had bought before", "với khách đã từng mua trước đó";
    contacts_without: "of customers who had bought before; {n} others had not and are not scored", "với khách đã từng mua trước đó; {n} lượt khác là người chưa mua nên không chấm điểm";
    responses: "Responses", "Lượt phản hồi";
    responses_note: "among these contacts", "trong số lượt liên hệ này";
    rate: "Response rate", "Tỷ lệ phản hồi";
    rate_note: "break-even index {index}", "chỉ số hòa vốn {index}";
    rate_note_none: "no break-even index: the break-even rate is 0", "không có chỉ số hòa vốn: tỷ lệ hòa vốn bằng 0";
    rate_none: "not defined: nobody who had bought before was contacted", "không xác định: không liên hệ khách nào đã từng mua";
    break_even: "Break-even rate", "Tỷ lệ hòa vốn";
    break_even_note: "cost of a contact over net profit of a response: from here on contacts pay", "chi phí một lượt liên hệ chia cho lợi nhuận ròng của một phản hồi: từ mức này trở lên là có lãi";
    index_note: "Break-even index: (response rate − break-even rate) / break-even rate × 100. Above 0 the contacts paid, at −100 nobody responded.", "Chỉ số hòa vốn: (tỷ lệ phản hồi − tỷ lệ hòa vốn) / tỷ lệ hòa vốn × 100. Trên 0 là có lãi, −100 là không ai phản hồi.";
    index_none: "A dash under the index: the break-even rate is 0, so every response pays.", "Dấu gạch ở chỉ số: tỷ lệ hòa vốn bằng 0 nên phản hồi nào cũng có lãi.";
    no_contacts: "A dash under the rate: nobody with that score was contacted.", "Dấu gạch ở tỷ lệ: không liên hệ khách nào có điểm đó.";
    nothing: "Nobody who had bought before was contacted, so there is nothing to compare.", "Không liên hệ khách nào đã từng mua nên không có gì để so sánh.";

    by_recency: "By recency", "Theo lần mua gần nhất";
    by_frequency: "By frequency", "Theo tần suất";
    by_money: "By money", "Theo chi tiêu";
    score: "Score", "Điểm";
    index: "Break-even index", "Chỉ số hòa vốn";
    all: "All", "Tổng";

    weights: "Weights of the scores", "Trọng số của các điểm";
    recency: "Recency", "Mua gần đây";
    frequency: "Frequency", "Tần suất";
    money: "Money", "Chi tiêu";
    weight: "Weight", "Trọng số";
    coefficient: "Coefficient", "Hệ số";
    standard_error: "Standard error", "Sai số chuẩn";
    weights_note: "Logistic regression of the response on the three standardised scores. Coefficient: change of the log-odds of a response by one standard deviation of the score, with its standard error. Weight: the coefficient over the sum of the three.", "Hồi quy logistic của phản hồi theo ba điểm đã chuẩn hóa. Hệ số: mức thay đổi log-odds của phản hồi khi điểm tăng một độ lệch chuẩn, kèm sai số chuẩn của hệ số. Trọng số: hệ số chia cho tổng ba hệ số.";
    weights_used: "With these weights the column response_rfm scores today’s customers.", "Cột response_rfm chấm điểm khách hiện nay bằng các trọng số này.";
    weights_undefined: "No weights: the sum of the coefficients is not above 0, so higher scores as a whole did not go with more responses.", "Không có trọng số: tổng các hệ số không lớn hơn 0, tức nhìn chung điểm cao hơn không đi cùng nhiều phản hồi hơn.";
    weights_same: "A dash for a score: all contacted have the same one, so nothing is learnt of it.", "Dấu gạch ở một điểm: mọi khách được liên hệ có cùng điểm này nên không rút ra được gì.";
    weights_negative: "Negative: {scores}. A higher score went with fewer responses there.", "Âm: {scores}. Ở đó điểm cao hơn đi cùng ít phản hồi hơn.";
    ridge_separable: "The scores tell without error who responded; the coefficients are held back by a standard normal prior.", "Các điểm phân tách hoàn toàn người phản hồi và không phản hồi; hệ số được kìm lại bằng phân phối tiên nghiệm chuẩn tắc.";
    ridge_collinear: "The scores move together, so their effects cannot be told apart; the coefficients are held back by a standard normal prior.", "Các điểm biến động cùng nhau nên không tách được tác động; hệ số được kìm lại bằng phân phối tiên nghiệm chuẩn tắc.";
    none_no_response: "There are no weights: nobody responded.", "Không có trọng số: không ai phản hồi.";
    none_all: "There are no weights: everybody responded, so nothing tells the scores apart.", "Không có trọng số: mọi khách đều phản hồi nên không phân biệt được các điểm.";
    none_few: "There are no weights: {responded} of {contacted} contacted responded. It takes at least {least} who did and {least} who did not.", "Không có trọng số: {responded} trong {contacted} lượt liên hệ có phản hồi. Cần ít nhất {least} lượt có và {least} lượt không phản hồi.";

    cells: "Cells of the three scores", "Các ô của ba điểm";
    cells_paid: "{paid} of {total} cells reached the break-even rate; they hold {contacts} of the contacts and {responses} of the responses.", "{paid} trong {total} ô đạt tỷ lệ hòa vốn; các ô này chiếm {contacts} lượt liên hệ và {responses} lượt phản hồi.";
    cells_paid_none: "{paid} of {total} cells reached the break-even rate; nobody responded.", "{paid} trong {total} ô đạt tỷ lệ hòa vốn; không ai phản hồi.";
    cell: "Cell", "Ô";
    cells_note: "R is recency, F frequency, M money; highest response rate, and so highest index, first, equal ones by contacts. The best cells of a single campaign are in part luck, the more so the fewer their contacts.", "R là lần mua gần nhất, F là tần suất, M là chi tiêu; tỷ lệ phản hồi cao nhất, cũng là chỉ số cao nhất, xếp trước; bằng nhau thì ô nhiều lượt liên hệ hơn xếp trước. Ô tốt nhất của một chiến dịch đơn lẻ phần nào do may mắn, nhất là khi ít lượt liên hệ.";
    cells_cut: "Not shown: {left} of {total} cells, those of the lowest response rate.", "Không hiển thị: {left} trong {total} ô, có tỷ lệ phản hồi thấp nhất.";
}
