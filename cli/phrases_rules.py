"""Messages of the rules that parts of a scenario keep with one another, in Chinese (各部分衔接的报错用语)."""

from __future__ import annotations

# English pattern -> Chinese; put over before single words.
RULES: tuple[tuple[str, str], ...] = (
    # chains and networks
    (r"a material of the chain", "工艺链中的物料"), (r"a material of the network", "网络中的物料"), (r"the unit of a process", "工序的装置"),
    (r"no place with a capacity of (\S+)", r"没有地点有 \1 的能力"), (r"a place where it can run", "可以运行的地点"), (r"^a place(?=$|: )", "地点"),
    (r"a key of `(\w+)`", r"`\1` 中的键"), (r"define it under `(\w+):`", r"请在 `\1:` 下定义"), (r"^the chain of (\S+)", r"\1 的工艺链"), (r"a chain of its own", "各自的工艺链"),
    (r"its output would count twice", "否则产出重复计算"), (r"a material that the process uses or makes jointly", "该工序耗用或联产的物料"),
    (r"a material that the process uses", "该工序耗用的物料"), (r"shares of (.+?) that add to (\S+)", r"\1 的份额合计 \2"), (r"what nobody takes is sold", "无人取用的即出售"),
    (r"materials that count as recovered", "计入回收的物料"), (r"a material of one maker", "只有一个来源的物料"),
    (r"give the product of this process a name of its own", "请给本工序的产品另取名称"), (r"(\S+), which no process makes", r"\1，没有工序生产"),
    (r"a material made in the chain", "链内生产的物料"), (r"leave it out: what is bought outside belongs to `national`", "请删去：外购的写在 `national`"),
    (r"the (\S+) in it, which `recovery\.(\w+)` counts", r"其中的 \1（`recovery.\2` 计入）"),
    (r"a process of the chain (\S+)", r"工艺链 \1 的工序"),
    # years, accounts, the table
    (r"(\S+), the year after the base year", r"\1（基年的次年）"), (r"at most (\S+), (\d+) years after the base year", r"不晚于 \1（基年后 \2 年）"),
    (r"another mix", "另一个投资结构"), (r"a mix that states shares in the end", "最终写出份额的投资结构"), (r"no shares", "没有份额"),
    (r"a chain of more than (\d+) (?:mixes|files)", r"超过 \1 层的继承"),
    (r"the name (\S+), which is a class too", r"名称 \1，与类重名"), (r"no row (\S+)", r"缺行 \1"), (r"one row for each class", "每类一行"),
    (r"no column (\S+)", r"缺列 \1"), (r"one column for each class", "每类一列"), (r"write 0 where nothing is bought", "没有采购的写 0"),
    (r"a class \(a row\)", "类（行）"), (r"a class \(a column\)", "类（列）"), (r"a column (\S+) that adds to (\S+)", r"列 \1 合计 \2"),
    (r"what is bought per yuan of output must leave value added", "每元产出的采购须给增加值留余地"), (r"the rest is land, imported equipment and interest", "其余为土地、进口设备和利息"),
    (r"purchases that add to (\S+)", r"采购合计 \1"), (r"a class or group of the national table", "全国表的类或组"), (r"a sector or a group of the national table", "部门或全国表的组"),
    (r"`gdp`, a sector or a group", "`gdp`、部门或组"),
    # projects and targets
    (r"(\S+) % at the stage (`\w+`)", r"阶段 \2 取消 \1 %"), (r"no `cancel`", "不写 `cancel`"), (r"it says how far the project has ramped up", "用来说明项目爬坡到哪一步"), (r"output beside a process", "工序旁写了产出"),
    (r"`output`, since the sector (\S+) has no chain", r"`output`，因为部门 \1 没有工艺链"), (r"capacity of no process", "能力没有写明工序"), (r"`(\w+)` beside it", r"同时写 `\1`"),
    (r"a price of nothing", "没有对象的价格"), (r"the (\S+) that (\S+) adds up", r"\2 所合计的 \1"), (r"relations that do not follow from themselves", "不以自身为依据的关系"),
    (r"the name (.+?), which is an indicator of the product", r"名称 \1，已是指标名"), (r"no `fund` unless `on: source`", "只有 `on: source` 才写 `fund`"),
    # files
    (r"printable text", "可打印的文字"), (r"delete it; is this a text file\?", "请删去；这是文本文件吗？"),
    (r"^the tag (\S+)", r"标签 \1"), (r"a value without tag", "不带标签的值"), (r"remove the word that begins with !", "请去掉以 ! 开头的词"),
    (r"the merge key", "合并键"), (r"the entries themselves", "各项本身"), (r"write them out, or put the shared part into a file and use `extends:`", "请逐项写出，或把共用部分另存文件并用 `extends:`"),
    (r" followed by ", " 后接 "), (r", written with /", "，用 / 分隔"), (r"a path inside the folder of the file named on the command line", "命令行所给文件的目录内的路径"),
    (r"absolute paths are refused", "不接受绝对路径"), (r"shipped files begin with (\S+)", r"自带文件以 \1 开头"),
    (r"a name that no file can have", "不能用作文件名的名称"), (r"the name of a scenario file", "方案文件名"), (r", which cannot be followed", "，无法解析"),
    (r"a file of (\S+) bytes", r"\1 字节的文件"), (r"is it a scenario at all\?", "这是方案文件吗？"), (r"a value that does not fit", "不合适的值"),
    (r"the path of one file", "一个文件的路径"), (r"(\S+), which extends this file", r"\1，它又继承本文件"), (r"files that do not go round in a circle", "不循环继承的文件"),
    (r"(\S+) values for each of (\S+) sectors and projects", r"\2 个部门和项目各 \1 个值"),
    (r"an item of a list that is there", "列表中已有的一项"), (r"items count from 0", "从 0 数起"),
    (r"an override of what is read", "改写读取的文件"), (r"a value of the scenario", "方案中的值"), (r"change the file", "请改文件"),
    (r"(\d+) mistakes more", r"还有 \1 处错误"), (r"mend the ones above first", "请先改上面的"), (r"^none$", "无"),
    (r"a key beside `file`", "与 `file` 并列的键"), (r"only source, assumption or note", "只能写 source、assumption 或 note"), (r"a larger table", "更大的表"), (r"at most (\S+) cells", r"至多 \1 格"),
    (r"another name \((\S+) has a meaning of its own\)", r"另取名称（\1 另有含义）"), (r"the (?:row|column) (\S+) a second time", r"\1 重复"),
    (r"^the row (?=\S+$)", "行 "), (r"^the column (?=\S+$)", "列 "), (r"each column once, by a name without spaces and dots", "每列只一次，名称不含空格和点"),
    (r"each row once, by name", "每行只一次，按名称"), (r"a line that is no CSV \((.+)\)", r"不是 CSV 的一行（\1）"), (r"cells between commas", "以逗号分隔的格"),
    (r"a table that cannot be read \((.+)\)", r"不能读取的表（\1）"), (r"comma-separated values", "逗号分隔的值"),
    # panels
    (r"a CSV with the columns year, growth, error", "含 year、growth、error 三列的 CSV"), (r"heading `(\S+)`, which (\S+) does not have", r"列名 `\1`，\2 中没有"),
    (r"a heading of the file", "文件中的列名"), (r"years from (\d+) to (\d+)", r"\1 至 \2 年"), (r"(\S+), which has no rows", r"\1，没有数据行"),
    (r"a CSV file with a heading and rows", "有列名和数据行的 CSV"),
    (r"a region of the panel and a year from (\d+) to (\d+)", r"面板中的地区，\1 至 \2 年"),
    # figures that cannot stand together
    (r"(\S+) 亿元 less than its chain makes", r"比工艺链产出少 \1 亿元"),
    (r"raise it, or lower base outputs, prices or va_ratio of the chain's processes", "请提高它，或降低各工序的基年产量、价格或 va_ratio"),
    (r"value added over output of (\S+)", r"增加值与产出之比 \1"), (r"output must be larger than value added", "产出须大于增加值"),
    (r"crops worth (\S+) 亿元", r"作物产值 \1 亿元"), (r"at most the sector's gross output (\S+) 亿元", r"不超过部门总产出 \1 亿元"),
    (r"check area × yield × price, or state `output`", "请核对面积 × 单产 × 价格，或写 `output`"),
    (r"(\S+) at the highest utilisation", r"最高利用率下 \1"), (r"at least (?:the )?base output (\S+)", r"不小于基年产量 \1"), (r"raise `capacity` or the highest utilisation", "请提高 `capacity` 或最高利用率"),
    (r"(\S+) used in the base year", r"基年耗用 \1"), (r"at most the (\S+) that is made", r"不超过产量 \1"), (r"lower `base` or `uses` of its users, or raise that of its maker", "请降低使用者的 `base` 或 `uses`，或提高生产者的"),
    (r"^(\S+) to take$", r"可取 \1"), (r"at least (?:the )?(\S+) that its base output uses", r"不小于基年产量所耗 \1"), (r"raise the share to (\S+) % or more", r"份额请提高到 \1 % 以上"),
    (r"processes that do not feed one another in a circle", "不循环供料的工序"),
    (r"(\S+): value added and chain inputs of (\S+) per yuan of output", r"\1：每元产出的增加值与链内投入共 \2"),
    (r"lower va_ratio or the amounts used, or check prices", "请降低 va_ratio 或耗用量，或核对价格"),
)
