# inventory
inventory-unknown-host = hệ thống không có máy `{ $host }`
inventory-template-not-here = không dùng biểu thức ở đây
inventory-template-not-here-help = thao tác phải ghi đầy đủ; chỉ `env` và `stdin` được dùng `secret.TÊN`
inventory-unknown-person = không có người nào mang mã `{ $id }`
inventory-unknown-system = danh mục không có hệ thống `{ $system }`
inventory-reserved-person = chương trình ghi chứng cứ với mã `{ $id }`
inventory-reserved-person-help = chọn mã khác
inventory-rows-not-here = chỉ cơ sở dữ liệu (`postgres`, `sqlite`) mới có số dòng
