using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>Where cash came from and where it went, by the accounts booked against it (direct method); opening and flows make the closing balance.</summary>
/// <remarks>
/// <para>Cash is what stands on asset accounts of the group <c>cash</c>. In a transaction that moves cash, what the other accounts were credited came in
/// and what they were debited went out: their sum is the movement of cash, exactly, since the transaction balances. Each account's flow of a
/// transaction is told net.</para>
/// <para>Goods and their cost are told as one: a sale moves value between them and no cash. Source: IAS 7 <i>Statement of Cash Flows</i>, paragraph 18(a).</para>
/// </remarks>
internal static class CashMovement
{
    private const string Cash = "cash", Goods = "goods";

    /// <summary>Of which transactions the entries are flows: those with an entry on a cash account.</summary>
    public static readonly Sql MovesCash = Sql.Raw("""
        exists (select 1 from entry ce join account ca on ca.id = ce.account_id join gl_account cg on cg.code = ca.gl_code
          where ce.transaction_id = t.id and cg.account_group = 'cash' and cg.kind = 'asset')
        """);

    private static readonly Sql Counter = Sql.Raw($"case when g.account_group in ('inventory', 'cost-of-sales') then '{Goods}' else g.code end");

    public static async Task<Statement> Make(Db db, StatementRequest request, CancellationToken ct)
    {
        var chart = await LedgerReports.Chart(db, ct);
        var flows = await Flows(db, request, ct);
        var cash = chart.Where(account => account is { Group: Cash, Kind: "asset" }).ToList();
        var codes = cash.Select(account => account.Code).ToHashSet(StringComparer.Ordinal);
        var balances = flows.Where(flow => flow.Part < 2 && codes.Contains(flow.Key)).ToList();
        var (opening, closing) = (balances.Where(flow => flow.Part == 0).Sum(flow => flow.In), balances.Where(flow => flow.Part == 1).Sum(flow => flow.In));
        StatementColumn[] columns = [new("in", "In", request.From, request.To), new("out", "Out", request.From, request.To), new("net", "Net", request.From, request.To)];

        var rows = new List<(ChartAccount Account, long[] Figures)>();
        foreach (var flow in flows.Where(flow => flow.Part == 2))
        {
            var goods = chart.Where(account => account.Group is "inventory" or "cost-of-sales").ToList();
            var account = flow.Key == Goods ? new ChartAccount(string.Join(',', goods.Select(one => one.Code)), "Goods and their cost", "expense", Goods, false, true) : chart.First(one => one.Code == flow.Key);
            rows.Add((account, [flow.In, flow.Out, checked(flow.In - flow.Out)]));
        }

        var net = StatementParts.Sum(rows.Select(row => row.Figures), 3);
        var lines = new List<StatementLine> { new("opening", "figure", 0, "Cash at the beginning", [.. cash.Select(account => account.Code)], [null, null, opening]) };
        foreach (var line in StatementParts.Groups("flow", rows)) lines.Add(line with { Accounts = [.. line.Accounts.SelectMany(account => account.Split(','))], Label = line.Kind == "account" && line.Accounts[0].Contains(',') ? "Goods and their cost" : line.Label });
        lines.Add(new("net", "total", 0, "Movement of cash", [], net));
        lines.Add(new("closing", "total", 0, "Cash at the end", [.. cash.Select(account => account.Code)], [null, null, closing]));
        return new Statement("cash-movement", "Cash movement", columns, lines, [new("cash", "Opening and movement make the closing balance", checked(opening + net[2]!.Value), closing)], CashOnly: true);
    }

    /// <summary>Balances of all accounts before (part 0) and at the end (1), and flows of cash by counter account (2), at one moment.</summary>
    private static Task<List<(int Part, string Key, long In, long Out)>> Flows(Db db, StatementRequest request, CancellationToken ct)
    {
        var sum = Sql.Raw(Exact.Sum(db.Engine, "amount"));
        Sql branches = request.Scope.Filter is { } ids ? $" and t.branch_id {Sql.List(ids)}" : Sql.Raw("");
        Sql unit = $"(select id from unit where code = {request.Currency.Code})";
        return db.Query($"""
            select 0, gl_code, {sum}, 0 from ({BookSums.Between(db.Engine, request.Currency.Code, null, request.From.AddDays(-1), request.Scope)}) as b group by gl_code
            union all
            select 1, gl_code, {sum}, 0 from ({BookSums.Between(db.Engine, request.Currency.Code, null, request.To, request.Scope)}) as b group by gl_code
            union all
            select 2, counter, {Sql.Raw(Exact.Sum(db.Engine, "case when amount > 0 then amount else 0 end"))}, {Sql.Raw(Exact.Sum(db.Engine, "case when amount < 0 then -amount else 0 end"))} from (
              select t.id, {Counter} as counter, {Sql.Raw(Exact.Sum(db.Engine, "-e.amount"))} as amount
              from ledger_transaction t join entry e on e.transaction_id = t.id join account a on a.id = e.account_id join gl_account g on g.code = a.gl_code
              where t.business_date >= {request.From} and t.business_date <= {request.To}{branches} and a.unit_id = {unit} and not (g.account_group = {Cash} and g.kind = 'asset') and {MovesCash}
              group by t.id, {Counter}
            ) as flows where amount <> 0 group by counter order by 1, 2
            """, row => (row.Int(0), row.Text(1), row.Long(2), row.Long(3)), ct);
    }
}
