# engine

## engine-loop

engine-loop-no-program = lệnh trống, không có chương trình nào để chạy
engine-loop-no-such-program = không tìm thấy chương trình `{ $program }`
engine-loop-no-such-folder = không có thư mục `{ $path }`
engine-loop-not-begun = không khởi chạy được `{ $program }`: { $error }
engine-loop-no-output-file = không tạo được tệp ghi kết quả của lệnh: { $error }
engine-loop-no-thread = không khởi chạy được công việc: { $error }
engine-loop-broke = công việc bị ngắt do lỗi của chương trình
engine-loop-no-faults = chỉ tạo được lỗi chủ động trong môi trường diễn tập
engine-loop-no-backups = chưa thực hiện được thao tác sao lưu này
