using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Sums facts and ledger entries by day, chunk by chunk, behind the watermarks. What is not yet summed is read from where it stands.</summary>
/// <remarks>
/// A watermark moves in the transaction that adds the sums, and never past <see cref="Dialect.SafeHorizon"/>, so that no row can still
/// appear behind it. Several nodes may run this: the watermark's row is locked, and who finds it locked leaves the work to the other.
/// </remarks>
/// <param name="database">The database.</param>
/// <param name="functions">The functions whose own sums are kept too; those of others wait behind their watermarks.</param>
public sealed class Rollups(Database database, IEnumerable<Function>? functions = null)
{
    /// <summary>The tables of the kernel that are filled here; they are emptied when all is to be summed again.</summary>
    public static readonly IReadOnlyList<string> Tables = ["account_day", "account_month", "chart_day", "chart_month", .. RollupTable.All.Select(table => table.Name)];

    private readonly IReadOnlyList<FunctionSums> ofFunctions = [.. (functions ?? []).Select(function => function.Sums).OfType<FunctionSums>()];

    /// <summary>Rows summed in one transaction, about, where nobody waits.</summary>
    public const int Chunk = 50_000;

    /// <summary>Rows summed in one transaction beside the day's work: summing them holds SQLite's one writer for a few hundredths of a second.</summary>
    public const int ChunkBesideWork = 4_000;

    /// <summary>Sums in the background. Reports stay right without it, only slower.</summary>
    public Job Beside => new("sum-facts", "Sum facts and entries by day for reports", TimeSpan.FromSeconds(10), async ct => await CatchUp(ChunkBesideWork, ct), AfterFailure: TimeSpan.FromSeconds(30));

    /// <summary>Sums what may be summed now. What is posted meanwhile waits for the next time, or a busy shop would be summed sale by sale without end.</summary>
    /// <param name="chunk">Rows in one transaction; a transaction's rows are never parted.</param>
    /// <param name="ct">Stops between chunks.</param>
    /// <returns>How many chunks were summed.</returns>
    public async Task<int> CatchUp(int chunk = Chunk, CancellationToken ct = default)
    {
        var chunks = 0;
        foreach (var next in (Func<Task<Progress>>[])[() => NextFacts(chunk, ct), () => NextEntries(chunk, ct), .. ofFunctions.Select<FunctionSums, Func<Task<Progress>>>(own => () => NextOf(own, chunk, ct))])
        {
            Progress progress;
            do
            {
                progress = await next();
                if (progress != Progress.None) chunks++;
            }
            while (progress == Progress.Full);
        }

        return chunks;
    }

    /// <summary>Sums the next chunk of facts.</summary>
    /// <returns>False when there was none, or another node is at it.</returns>
    public async Task<bool> Facts(int chunk = Chunk, CancellationToken ct = default) => await NextFacts(chunk, ct) != Progress.None;

    /// <summary>Sums the entries of the next chunk of ledger transactions.</summary>
    /// <returns>False when there was none, or another node is at it.</returns>
    public async Task<bool> Ledger(int chunk = Chunk, CancellationToken ct = default) => await NextEntries(chunk, ct) != Progress.None;

    /// <summary>Sums the documents of the next chunk of facts for a function.</summary>
    /// <returns>False when there was none, or another node is at it.</returns>
    public async Task<bool> OfFunction(FunctionSums own, int chunk = Chunk, CancellationToken ct = default) => await NextOf(own, chunk, ct) != Progress.None;

    private enum Progress
    {
        None,
        Last,
        Full,
    }

    private Task<Progress> NextFacts(int chunk, CancellationToken ct) => Advance("fact", "fact", chunk, (tx, after, upTo) =>
    {
        foreach (var table in RollupTable.All) tx.Stage(table.AddFacts(tx.Engine, after, upTo));
    }, ct);

    private Task<Progress> NextEntries(int chunk, CancellationToken ct) => Advance("ledger", "ledger_transaction", Math.Max(1, chunk / 5), StageEntries, ct);

    private Task<Progress> NextOf(FunctionSums own, int chunk, CancellationToken ct) => Advance(own.Watermark, own.Of, own.Of == "fact" ? chunk : Math.Max(1, chunk / 5), (tx, after, upTo) =>
    {
        foreach (var statement in own.Add(tx.Engine, after, upTo)) tx.Stage(statement);
    }, ct);

    private async Task<Progress> Advance(string name, string table, int chunk, Action<Tx, long, long> sum, CancellationToken ct)
    {
        var progress = Progress.None;
        await database.WriteMuch(async tx =>
        {
            progress = Progress.None;
            var skip = Sql.Raw(tx.Engine == Engine.Postgres ? " for update skip locked" : "");
            var marks = await tx.Query($"select tx from watermark where name = {name}{skip}", row => row.Long(0), ct);
            if (marks is not [var after]) return;

            var horizon = await tx.Number($"select {Sql.Raw(Dialect.SafeHorizon(tx.Engine, table))}", ct);
            if (horizon < after)
                throw new InvalidOperationException($"The watermark '{name}' is ahead of the database's transactions: it was restored onto another server. Run the repair of watermarks.");
            var (upTo, found) = await tx.First($"""
                select coalesce(max(tx), 0), count(*) from (select tx from {Sql.Raw(table)} where tx > {after} and tx <= {horizon} order by tx limit {chunk}) as next
                """, row => (row.Long(0), row.Long(1)), ct);
            if (upTo <= after) return;

            sum(tx, after, upTo);
            tx.Stage($"update watermark set tx = {upTo} where name = {name}");
            await tx.Flush(ct);
            progress = found == chunk ? Progress.Full : Progress.Last;
        }, ct);
        return progress;
    }

    private static void StageEntries(Tx tx, long after, long upTo)
    {
        var postgres = tx.Engine == Engine.Postgres;
        var sums = string.Join(", ", new[] { "e.amount", "case when e.amount > 0 then e.amount else 0 end", "case when e.amount < 0 then -e.amount else 0 end" }
            .Select(amount => Exact.Sum(tx.Engine, amount)));
        foreach (var (table, ofChart, day) in new[]
        {
            ("account_day", false, "e.business_date"), ("account_month", false, FactColumns.MonthOf(tx.Engine, "e.business_date")),
            ("chart_day", true, "e.business_date"), ("chart_month", true, FactColumns.MonthOf(tx.Engine, "e.business_date")),
        })
        {
            var adding = string.Join(", ", new[] { "amount", "debit", "credit", "entries" }
                .Select(column => $"{column} = {Exact.Add(tx.Engine, $"{table}.{column}", $"excluded.{column}")}"));
            var keys = ofChart ? "gl_code, unit_id, business_date" : "account_id, business_date";
            var (account, chart, groups) = ofChart ? ("a.gl_code, a.unit_id", OfChart(tx.Engine), "1, 2, 3") : ("e.account_id", Sql.Raw(" where true"), "1, 2");
            // Both engines are made to begin with the chunk: from the accounts of the chart they would read all entries there are.
            tx.Stage($"""
                {Sql.Raw($"insert into {table} ({keys}, amount, debit, credit, entries) select {account}, {day}, {sums}, count(*) from")}
                {Sql.Raw(postgres ? "(select e.account_id, e.business_date, e.amount from ledger_transaction t join" : "ledger_transaction t cross join")} entry e on e.transaction_id = t.id
                and t.tx > {after} and t.tx <= {upTo}{Sql.Raw(postgres ? " offset 0) as e" : "")}{chart}
                {Sql.Raw($"group by {groups} on conflict ({keys}) do update set {adding}")}
                """);
        }
    }

    /// <summary>Accounts of the financial statements, behind entries <c>e</c>: only they are summed by account of the chart, since goods have as many units as items.</summary>
    internal static Sql OfChart(Engine engine)
    {
        // SQLite would begin with the chart and read all entries there are; a cross join keeps the order that is written.
        var join = Sql.Raw(engine == Engine.Postgres ? "join" : "cross join");
        return $" {join} account a on a.id = e.account_id {join} gl_account g on g.code = a.gl_code where g.kind {Sql.List(AccountKinds.Money)}";
    }
}
