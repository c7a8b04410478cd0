# playbook
playbook-expression-syntax = biểu thức `{ $expression }` không hợp lệ: { $detail }
playbook-expression-unknown = chưa có giá trị của `{ $expression }`
playbook-expression-not-boolean = biểu thức `{ $expression }` không cho kết quả đúng hoặc sai
playbook-expression-not-text = `{ $expression }` là danh sách hoặc đối tượng, không ghi thành chữ được
playbook-expression-too-much = biểu thức `{ $expression }` tính quá lâu hoặc cho kết quả quá lớn
playbook-expression-failed = không tính được biểu thức `{ $expression }`: { $detail }
