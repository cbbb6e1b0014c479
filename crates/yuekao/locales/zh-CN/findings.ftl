### 问题清单：列表、地图、文件

findings-here = 问题清单
findings-title = { $month }问题清单
findings-title-of = { $unit }{ $month }问题清单
findings-lede = 列表、地图和文件是同一次查询的结果，数目相同。
findings-count = 共 { $count } 个问题
findings-not-counted = 其中 { $count } 个已剔除或属豁免范围，不计入通报。
findings-none = 没有符合条件的问题。
findings-none-next = 请放宽条件，或查看全部问题。
findings-filter = 筛选条件
findings-any-unit = 全部单位
findings-any-category = 全部类别
findings-any-severity = 全部程度
findings-show = 查询
findings-all = 查看全部
findings-list = 列表
findings-map = 地图
findings-files = 下载（同一条件）：
findings-page = 第 { $page } 页，共 { $pages } 页
findings-pages = 分页
findings-previous = 上一页
findings-next = 下一页
findings-no-photo = 无照片
findings-unit-all = 在地图上看、按条件筛选
findings-unit-list = 这个单位的全部问题
findings-month-all = 本月全部问题
findings-no-category = 这一期没有类别“{ $category }”。请从筛选条件里选择。
findings-no-severity = 没有程度“{ $severity }”。请从筛选条件里选择。
findings-col-unit-code = 单位编码
findings-col-lng = 经度（WGS 84）
findings-col-lat = 纬度（WGS 84）

findings-map-caption = 图上共 { $count } 个问题。数字圆点表示附近的问题数，点开逐级放大；单个点的形状和颜色表示类别，点开看这个问题。
findings-map-caption-missing = 图上共 { $count } 个问题；另有 { $missing } 个没有记录坐标，只在列表里。数字圆点表示附近的问题数，点开逐级放大；单个点的形状和颜色表示类别，点开看这个问题。
findings-map-show = 地图内容
findings-map-units = 单位得分
findings-map-points = 问题点位
findings-map-other = 未归类
# {count}、{seen}、{more} 由地图填写
findings-map-seen = 图上共 {"{"}count{"}"} 处，当前范围内 {"{"}seen{"}"} 处
findings-map-failed = 点位没有取到。请检查网络，稍后移动地图或再点一次。
findings-map-more = 这里还有 {"{"}more{"}"} 处，见列表
