cli-error = lỗi
cli-caused-by = nguyên nhân
cli-help = gợi ý
