//! English names of the units that pages name most.

/// By Chinese name. Communities and villages have none; compounds are numbered.
#[rustfmt::skip]
const ENGLISH: &[(&str, &str)] = &[
    ("咸宁市", "Xianning"), ("中心城区", "Central urban area"), ("咸宁高新区", "Xianning High-tech Zone"),
    ("咸安区", "Xian'an District"), ("嘉鱼县", "Jiayu County"), ("通城县", "Tongcheng County"),
    ("崇阳县", "Chongyang County"), ("通山县", "Tongshan County"), ("赤壁市", "Chibi"),

    ("温泉街道", "Wenquan Subdistrict"), ("浮山街道", "Fushan Subdistrict"), ("永安街道", "Yong'an Subdistrict"),
    ("汀泗桥镇", "Tingsiqiao"), ("向阳湖镇", "Xiangyanghu"), ("官埠桥镇", "Guanbuqiao"), ("横沟桥镇", "Henggouqiao"),
    ("贺胜桥镇", "Heshengqiao"), ("双溪桥镇", "Shuangxiqiao"), ("马桥镇", "Maqiao"), ("桂花镇", "Guihua"),
    ("高桥镇", "Gaoqiao"), ("大幕乡", "Damu Township"), ("向阳湖奶牛良种场", "Xiangyanghu Dairy Farm"),
    ("咸安商贸物流区", "Xian'an Trade and Logistics Zone"), ("咸宁市经济技术开发区", "Xianning Economic and Technological Development Zone"),
    ("湖北咸安经济开发区", "Xian'an Economic Development Zone"),
    ("陆溪镇", "Luxi"), ("高铁岭镇", "Gaotieling"), ("官桥镇", "Guanqiao"), ("鱼岳镇", "Yuyue"), ("新街镇", "Xinjie"),
    ("渡普镇", "Dupu"), ("潘家湾镇", "Panjiawan"), ("牌洲湾镇", "Paizhouwan"), ("头墩农场", "Toudun Farm"),
    ("嘉鱼县经济开发区", "Jiayu Economic Development Zone"),
    ("隽水镇", "Juanshui"), ("麦市镇", "Maishi"), ("塘湖镇", "Tanghu"), ("关刀镇", "Guandao"), ("沙堆镇", "Shadui"),
    ("五里镇", "Wuli"), ("石南镇", "Shinan"), ("北港镇", "Beigang"), ("马港镇", "Magang"), ("四庄乡", "Sizhuang Township"),
    ("大坪乡", "Daping Township"), ("鹿角山林场", "Lujiaoshan Forest Farm"), ("锡山森林公园管理处", "Xishan Forest Park Office"),
    ("黄龙林场", "Huanglong Forest Farm"), ("黄袍林场", "Huangpao Forest Farm"), ("药姑林场", "Yaogu Forest Farm"),
    ("天城镇", "Tiancheng"), ("沙坪镇", "Shaping"), ("石城镇", "Shicheng"), ("桂花泉镇", "Guihuaquan"), ("白霓镇", "Baini"),
    ("路口镇", "Lukou"), ("金塘镇", "Jintang"), ("青山镇", "Qingshan"), ("肖岭乡", "Xiaoling Township"),
    ("铜钟乡", "Tongzhong Township"), ("港口乡", "Gangkou Township"), ("高枧乡", "Gaojian Township"),
    ("崇阳县工业园区", "Chongyang Industrial Park"),
    ("通羊镇", "Tongyang"), ("南林桥镇", "Nanlinqiao"), ("黄沙铺镇", "Huangshapu"), ("厦铺镇", "Xiapu"),
    ("九宫山镇", "Jiugongshan"), ("闯王镇", "Chuangwang"), ("洪港镇", "Honggang"), ("大畈镇", "Dafan"),
    ("大路乡", "Dalu Township"), ("杨芳林乡", "Yangfanglin Township"), ("燕厦乡", "Yanxia Township"), ("慈口乡", "Cikou Township"),
    ("九宫山自然保护管理局", "Jiugongshan Nature Reserve Administration"), ("开发区", "Development Zone"),
    ("蒲圻街道", "Puqi Subdistrict"), ("赤马港街道", "Chimagang Subdistrict"), ("陆水湖街道", "Lushuihu Subdistrict"),
    ("新店镇", "Xindian"), ("赵李桥镇", "Zhaoliqiao"), ("茶庵岭镇", "Cha'anling"), ("车埠镇", "Chebu"), ("赤壁镇", "Chibi Town"),
    ("柳山湖镇", "Liushanhu"), ("神山镇", "Shenshan"), ("中伙铺镇", "Zhonghuopu"), ("官塘驿镇", "Guantangyi"),
    ("黄盖湖镇", "Huanggaihu"), ("余家桥乡", "Yujiaqiao Township"), ("蒲纺工业园", "Pufang Industrial Park"),
    ("官塘驿林场", "Guantangyi Forest Farm"), ("羊楼洞茶场", "Yangloudong Tea Farm"), ("沧湖开发区", "Canghu Development Zone"),
    ("赤壁市经济开发区", "Chibi Economic Development Zone"),

    ("市城市管理局", "City Management Bureau"), ("市住房和城乡建设局", "Housing and Construction Bureau"),
    ("市自然资源和规划局", "Natural Resources and Planning Bureau"), ("市交通运输局", "Transport Bureau"),
    ("市水利和湖泊局", "Water and Lakes Bureau"), ("市生态环境局", "Ecology and Environment Bureau"),
    ("市市场监督管理局", "Market Regulation Bureau"), ("市公安局", "Public Security Bureau"),
    ("市公安局交警支队", "Traffic Police"), ("市消防救援支队", "Fire and Rescue"), ("市商务局", "Commerce Bureau"),
    ("市文化和旅游局", "Culture and Tourism Bureau"), ("市卫生健康委员会", "Health Commission"), ("市教育局", "Education Bureau"),
    ("市民政局", "Civil Affairs Bureau"), ("市应急管理局", "Emergency Management Bureau"),
    ("市农业农村局", "Agriculture and Rural Affairs Bureau"), ("市林业局", "Forestry Bureau"),
    ("市公路事业发展中心", "Highways Centre"), ("市园林绿化中心", "Parks and Gardens Centre"),
    ("市环境卫生中心", "Sanitation Centre"), ("市市政设施维护中心", "Municipal Works Centre"),
    ("市路灯管理中心", "Street Lighting Centre"), ("市公共交通公司", "Public Transport Company"),
    ("市供水公司", "Water Company"), ("市燃气公司", "Gas Company"), ("市供电公司", "Power Company"),
    ("电信分公司", "Telecom branch"), ("移动分公司", "Mobile branch"), ("联通分公司", "Unicom branch"),
    ("广电网络分公司", "Cable network branch"), ("铁塔分公司", "Tower company branch"),

    ("县教育局", "County Education Bureau"), ("县财政局", "County Finance Bureau"), ("县民政局", "County Civil Affairs Bureau"),
    ("县司法局", "County Justice Bureau"), ("县人力资源和社会保障局", "County Human Resources Bureau"),
    ("县自然资源和规划局", "County Natural Resources Bureau"), ("县住房和城乡建设局", "County Housing and Construction Bureau"),
    ("县交通运输局", "County Transport Bureau"), ("县水利和湖泊局", "County Water and Lakes Bureau"),
    ("县农业农村局", "County Agriculture Bureau"), ("县文化和旅游局", "County Culture and Tourism Bureau"),
    ("县卫生健康局", "County Health Bureau"), ("县应急管理局", "County Emergency Management Bureau"),
    ("县审计局", "County Audit Bureau"), ("县统计局", "County Statistics Bureau"),
    ("县市场监督管理局", "County Market Regulation Bureau"), ("县医疗保障局", "County Medical Insurance Bureau"),
    ("县林业局", "County Forestry Bureau"), ("县税务局", "County Tax Bureau"), ("县供电公司", "County Power Company"),
    ("县城市管理执法局", "County City Management Bureau"), ("县公安局交警大队", "County Traffic Police"),
    ("县环境卫生服务中心", "County Sanitation Centre"), ("县园林绿化中心", "County Parks and Gardens Centre"),
    ("县市政设施维护中心", "County Municipal Works Centre"), ("县供水公司", "County Water Company"), ("县电信分公司", "County Telecom branch"),
];

/// The English name of a unit, if it has one.
pub fn english(name: &str) -> Option<&'static str> {
    ENGLISH
        .iter()
        .find(|(chinese, _)| *chinese == name)
        .map(|(_, english)| *english)
}
