# engine


## engine-notice

engine-notice-drill = DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT
engine-notice-initial = THÔNG BÁO BAN ĐẦU VỀ SỰ CỐ AN NINH MẠNG (điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP)
engine-notice-initial-due = Hạn gửi, nếu là sự cố nghiêm trọng (24 giờ kể từ thời điểm phát hiện): { $at }
engine-notice-initial-add = Bổ sung trước khi gửi: đơn vị vận hành, chủ quản; đầu mối liên lạc (họ tên, chức vụ, điện thoại, thư điện tử); hiện tượng, mức độ ảnh hưởng ban đầu; biện pháp đã thực hiện; kiến nghị.
engine-notice-report = BÁO CÁO SỰ CỐ AN NINH MẠNG (điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP)
engine-notice-report-due = Hạn gửi (72 giờ kể từ thời điểm phát hiện): { $at }
engine-notice-report-add = Bổ sung trước khi gửi: nguyên nhân; phạm vi ảnh hưởng; biện pháp khắc phục. Sự cố phức tạp: thông tin sơ bộ và biện pháp đã thực hiện, sau đó có báo cáo cập nhật, báo cáo kết thúc.
engine-notice-data = THÔNG BÁO VI PHẠM QUY ĐỊNH VỀ BẢO VỆ DỮ LIỆU CÁ NHÂN (Điều 23 Luật số 91/2025/QH15)
engine-notice-data-due = Hạn gửi: 72 giờ kể từ khi phát hiện vi phạm; thời điểm này tính riêng, do đơn vị ghi.
engine-notice-data-add = Bổ sung trước khi gửi (khoản 1 Điều 28 Nghị định số 356/2025/NĐ-CP): tính chất vi phạm (thời gian, địa điểm, hành vi, tổ chức, cá nhân liên quan, loại và số lượng dữ liệu); liên hệ của nhân sự bảo vệ dữ liệu cá nhân; hậu quả; biện pháp. Lập biên bản xác nhận vi phạm.
engine-notice-public = THÔNG BÁO GIÁN ĐOẠN DỊCH VỤ
engine-notice-public-add = Bổ sung trước khi đăng: thời gian dự kiến hoạt động trở lại; địa chỉ, điện thoại hỗ trợ. Không nêu điểm yếu kỹ thuật.
engine-notice-other = THÔNG BÁO `{ $notice }`
engine-notice-run = Vụ việc: { $run }
engine-notice-system = Hệ thống thông tin: { $system }
engine-notice-kind = Loại sự cố (theo kịch bản): { $scenario }
engine-notice-detected = Thời điểm phát hiện: { $at }
engine-notice-contained = Thời điểm khống chế: { $at }
engine-notice-restored = Thời điểm khôi phục: { $at }
engine-notice-serving = Duy trì phục vụ: { $how }
engine-notice-draft = Dự thảo lập lúc { $at }; chưa gửi.
engine-notice-no-figure = (chưa có số liệu)

## engine-loop

engine-loop-no-program = lệnh trống, không có chương trình nào để chạy
engine-loop-no-such-program = không tìm thấy chương trình `{ $program }`
engine-loop-no-such-folder = không có thư mục `{ $path }`
engine-loop-not-begun = không khởi chạy được `{ $program }`: { $error }
engine-loop-no-output-file = không tạo được tệp ghi kết quả của lệnh: { $error }
engine-loop-no-thread = không khởi chạy được công việc: { $error }
engine-loop-broke = công việc bị ngắt do lỗi của chương trình
engine-loop-no-faults = chỉ tạo được lỗi chủ động trong môi trường diễn tập
engine-loop-unknown-run = sổ chứng cứ không có lượt thực hiện nào mang mã { $run }
engine-loop-unknown-run-help = `ungpho status` liệt kê các lượt đang mở
engine-loop-ledger = không đọc hoặc ghi được sổ chứng cứ của lượt { $run }
engine-loop-run-not-begun = không bắt đầu được lượt thực hiện: không ghi được sổ chứng cứ
engine-loop-machine = không điều hành được lượt { $run } trên máy này
engine-loop-stuck = lượt { $run } không đi tiếp được do lỗi của chương trình
engine-loop-interrupted = lượt { $run } đang tạm dừng
engine-loop-resume-help = những gì đã ghi vẫn còn nguyên; `ungpho resume { $run }` để tiếp tục
engine-loop-disk-full = đĩa chứa sổ chứng cứ đã đầy: lượt { $run } tạm dừng, chờ có thêm chỗ trống
engine-loop-disk-free = đĩa đã có chỗ trống: lượt { $run } tiếp tục
engine-loop-ledger-trouble = chưa ghi được sổ chứng cứ, đang thử lại
engine-loop-pausing = lượt { $run } sẽ tạm dừng khi các bước đang chạy kết thúc; nhấn lần nữa để dừng ngay
engine-loop-stopping = lượt { $run } dừng ngay
engine-loop-no-copy = không tìm thấy bản sao lưu nào
engine-loop-copy-differs = bản sao lưu `{ $path }` khác bảng kê ở { $count } chỗ
engine-loop-no-good-copy = hệ thống `{ $system }` không có bản sao lưu nào nguyên vẹn; { $count } bản không dùng được
engine-loop-check-not-begun = không chạy được phép kiểm tra sau khôi phục: { $reason }
engine-loop-check-failed = phép kiểm tra sau khôi phục không đạt
engine-loop-not-a-path = `{ $text }` không phải đường dẫn của một bước
engine-loop-not-a-path-help = viết mã các bước nối bằng `/`, vòng lặp trong ngoặc vuông: `each_site[2]/visit`
