# Phút đầu của sự cố: hệ thống nào, thấy gì, kịch bản nào; đổi kịch bản giữa chừng.
offer-which-system = Hệ thống nào có sự cố?
offer-what-is-seen = Đang thấy gì? Chọn dấu hiệu gần nhất.
offer-number = Gõ số từ 1 đến { $most }; 0 để thôi
offer-wrong-number = không có số này trong danh sách
offer-chosen = Kịch bản `{ $playbook }`, hệ thống `{ $system }`. Đổi kịch bản sau vẫn được: một sự cố, một mã.
offer-unknown-system = danh mục không có hệ thống `{ $system }`
offer-switch-not-incident = { $run } là diễn tập: chỉ sự cố mới đổi kịch bản giữa chừng
offer-switch-running = bước `{ $step }` đang chạy
offer-switch-running-help = chờ bước này kết thúc rồi làm lại lệnh
offer-switch-same = { $run } đang theo kịch bản `{ $playbook }`
offer-switched = { $run }: từ đây theo kịch bản `{ $playbook }`; vẫn là một sự cố
offer-since-needs-reason = `--since` cần `--because`: căn cứ nào cho thời điểm này
offer-no-drills = không có cuộc diễn tập nào đang mở
offer-nothing-chosen = chưa chọn; không có gì bắt đầu
offer-nothing-told = `--by`, `--basis`, `--because` nói rõ ai phát hiện, vì sao biết: chưa có điều gì để ghi kèm
offer-nothing-told-help = thêm `--since GIỜ`, hoặc điều đang thấy: `--seen "…"`
