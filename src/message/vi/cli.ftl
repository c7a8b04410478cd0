cli-error = lỗi
cli-caused-by = nguyên nhân
cli-help = gợi ý
cli-invalid-person = `{ $person }` không dùng làm mã người được: chỉ gồm chữ cái không dấu, chữ số, `.`, `_` và `-`
cli-invalid-time = `{ $time }` không phải thời điểm dạng `2026-11-23T02:15:00+07:00`
cli-no-workspace = không tìm thấy thư mục làm việc tại đây và ở các cấp trên: { $folder }
cli-no-workspace-help = `ungpho init DIR` tạo thư mục làm việc; `--workspace DIR` chỉ thư mục khác
cli-unknown-sample = không có mẫu nào tên là `{ $name }`
cli-unknown-sample-help = các mẫu hiện có: { $names }
cli-folder-not-empty = thư mục đã có tệp: { $folder }
cli-init-done = đã tạo thư mục làm việc: { $folder }
cli-init-next = tiếp theo: điền `ungpho.yaml` và `people.yaml`, rồi chạy `ungpho playbook list`
cli-cannot-write = không ghi được { $path }
cli-lab-next = `ungpho lab break one-stop encrypt` chủ động tạo ra lỗi; `ungpho lab down` kết thúc môi trường diễn tập
cli-lab-down = đã kết thúc môi trường diễn tập
cli-lab-was-down = môi trường diễn tập chưa chạy
cli-lab-running = đang chạy
cli-lab-isolated = đang chạy, đã cô lập với người dân
cli-lab-stopped = đã dừng
cli-lab-hung = không phản hồi
cli-lab-died = tự kết thúc hoặc do lỗi chủ động tạo ra ({ $detail })
cli-lab-healthy = tình trạng: tốt
cli-lab-ill = tình trạng: không tốt
cli-lab-citizens = người dân: { $served } lượt được phục vụ, { $refused } lượt bị từ chối, { $wrong } lượt sai nội dung, { $missing } lượt không tìm thấy hồ sơ đã nộp
cli-lab-faults = lỗi chủ động tạo ra: { $faults }
cli-evidence-warning = cảnh báo
cli-evidence-note = lưu ý
cli-evidence-verifies = { $origin } đối chiếu đạt: { $size } bản ghi, trong đó { $signed } đã ký
cli-evidence-fails = { $origin } đối chiếu không đạt: trong { $size } bản ghi chỉ có { $held } bản ghi đầu đối chiếu đạt
cli-evidence-head-is = mã chốt sổ: { $head }
cli-evidence-head = `{ $text }` không phải là mã chốt sổ
cli-evidence-head-help = mã chốt sổ có dạng `SỐ_BẢN_GHI GỐC`, như `ungpho evidence head` và biên bản in ra
cli-evidence-no-runs = sổ chứng cứ chưa có cuộc diễn tập hay sự cố nào
cli-evidence-unknown = trong sổ không có cuộc diễn tập, sự cố hay bản ghi nào là `{ $what }`
cli-evidence-unknown-help = `ungpho evidence list` liệt kê các cuộc diễn tập và sự cố
cli-evidence-unreadable = không đọc được các bản ghi
cli-evidence-gone = { $digest } (đã lược bỏ)
cli-evidence-altered = { $digest } (không khớp mã băm)
cli-evidence-word = { $word ->
    [mode-tabletop] trên bàn
    [mode-technical] kỹ thuật
    [mode-live] thực chiến
    [mode-respond] ứng phó sự cố
    [stage-running] đang thực hiện
    [stage-paused] đang tạm dừng
    [stage-stopping] đang dừng
    [result-passed] đạt
    [result-failed] không đạt
    [result-stopped] đã dừng
   *[other] { $word }
}
cli-check-cause = hệ điều hành báo: { $cause }
cli-check-done = đã soát { $files } tệp; lỗi: { $errors }; cảnh báo: { $warnings }
cli-report-no-run = trong sổ không có cuộc diễn tập hay sự cố nào là `{ $run }`
cli-report-no-plan = kế hoạch thực hiện của `{ $run }` không còn trong sổ chứng cứ
