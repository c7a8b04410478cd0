# inventory
inventory-unknown-host = hệ thống không có máy `{ $host }`
inventory-template-not-here = không dùng biểu thức ở đây
inventory-template-not-here-help = thao tác phải ghi đầy đủ; chỉ `env` và `stdin` được dùng `secret.TÊN`
inventory-unknown-person = không có người nào mang mã `{ $id }`
inventory-unknown-system = danh mục không có hệ thống `{ $system }`
inventory-reserved-person = chương trình ghi chứng cứ với mã `{ $id }`
inventory-reserved-person-help = chọn mã khác
inventory-dates-contradict = `{ $second }` trước `{ $first }`
inventory-dates-contradict-help = hồ sơ được gửi, rồi thẩm định, rồi phê duyệt: đối chiếu lại các ngày
inventory-assumed-nothing = không có mục `{ $path }` trong tệp này
inventory-assumed-nothing-help = ghi đường dẫn của mục giả định, ví dụ `facts.users`, hoặc bỏ dòng này
inventory-rows-not-here = chỉ cơ sở dữ liệu (`postgres`, `sqlite`) mới có số dòng
inventory-assumed-fact = { $count } mục chưa có người xác nhận, in ra là "(số liệu giả định)": { $paths }
inventory-assumed-fact-help = xác nhận từng mục với đơn vị vận hành rồi bỏ khỏi `assumed`
inventory-collective = `{ $authority }`: tập thể cấp ủy không ký theo thể thức K/T
inventory-collective-help = ghi `T/M` và tên tập thể, chức vụ của người ký ở `position`
