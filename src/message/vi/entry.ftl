# Ghi bổ sung, ghi thay người khác, đính chính.
entry-no-reason = ghi bổ sung cần lý do
entry-no-reason-help = thêm `--because "…"`
entry-entered-as = ghi nhận thời điểm: { $when }
entry-not-a-time = `{ $text }` không phải thời điểm
entry-not-a-time-help = ví dụ: 02:15, "02:15 25/11/2026", 2026-11-25T02:15:00+07:00
entry-time-to-come = { $when } chưa đến
entry-time-to-come-help = bây giờ là { $now }
entry-time-yesterday-help = nếu là hôm qua, ghi cả ngày: "{ $when }"
entry-unknown-basis = không có nguồn thông tin nào tên là `{ $text }`
entry-unknown-basis-help = một trong: `console`, `told`, `paper`, `memory`
entry-unknown-person = không có ai mã là `{ $id }` trong `people.yaml`
entry-person-form = mã người gồm chữ cái không dấu, chữ số, `.`, `_`, `-`
entry-nobody-known = thêm người vào `people.yaml`
entry-before-the-run = { $when } là trước khi { $run } bắt đầu ({ $began })
entry-before-the-run-help = trong diễn tập chỉ ghi được những gì xảy ra từ lúc bắt đầu
entry-needs-reason = việc này cần lý do
entry-after-the-end = { $run } đã kết thúc: ghi là phát sinh sau khi kết thúc
