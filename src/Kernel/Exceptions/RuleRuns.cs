using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Exceptions;

/// <summary>What a rule would have caught.</summary>
/// <param name="Caught">How many documents or sessions.</param>
/// <param name="Documents">How many documents of its kind were posted on these days: what the rate is over.</param>
/// <param name="Raised">About how many it was raised in truth, with the settings of those days.</param>
/// <param name="Branches">Caught by branch, the most first.</param>
/// <param name="First">The latest of them.</param>
public sealed record DryRun(long Caught, long Documents, long Raised, IReadOnlyList<(Guid Branch, long Caught)> Branches, IReadOnlyList<Finding> First);

/// <summary>Runs the statements of rules: on schedule, and over history with other parameters.</summary>
/// <remarks>
/// One statement a rule, whatever the number of branches: those whose parameters are alike are one part of a union.
/// What is due is raised once: its key is written with the exception in one transaction, and of two nodes only one can write it.
/// </remarks>
public sealed class RuleRuns(Database database, ExceptionRules rules, ExceptionBook book, OrganisationBook organisation, FunctionCatalogue functions, TimeProvider clock)
{
    private const int AtOnce = 500;
    private const int Shown = 20;

    private static readonly Table FoundRows = new Table("exception_found", ("rule", Kind.Text), ("key", Kind.Text), ("found_at", Kind.Instant));

    /// <summary>Raises what scheduled rules find due now and have not found before.</summary>
    /// <returns>How many.</returns>
    public async Task<long> Run(CancellationToken ct = default)
    {
        long all = 0;
        foreach (var function in functions.All)
        {
            foreach (var declared in function.Exceptions.Where(rule => rule.Due is not null))
            {
                var some = 0;
                do
                {
                    await database.Write(async tx => some = await Some(tx, function, declared, ct), ct);
                    all += some;
                }
                while (some == AtOnce);
            }
        }

        return all;
    }

    /// <summary>Counts what a rule would have caught on some days, with other parameters if any are given.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="function">The function.</param>
    /// <param name="declared">One of its rules that can be tried.</param>
    /// <param name="branches">The branches.</param>
    /// <param name="from">First business day.</param>
    /// <param name="to">Last business day, included.</param>
    /// <param name="instead">Parameters that go before what is set; of the others those in force at each branch.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<DryRun> Try(
        Db db, Function function, ExceptionDeclaration declared, IReadOnlyList<Guid> branches, DateOnly from, DateOnly to, IReadOnlyDictionary<string, long> instead, CancellationToken ct = default)
    {
        var settings = (await rules.Settings.Get(ct)).Value;
        var caught = Union(db.Engine, declared.Caught!, settings.Alike(declared, branches, activeOnly: false, instead), from, to);
        var byBranch = db.Later($"select branch_id, count(*) from ({caught}) f group by branch_id order by 2 desc, 1", row => (row.Guid(0), row.Long(1)));
        var first = db.Later($"select {Sql.Raw(RuleQuestion.Select)} from ({caught}) f order by business_date desc, label desc, key limit {Shown}", row => Finding.Read(row));
        var kind = declared.Of ?? function.Kinds[0].Code;
        var documents = db.Later($"""
            select count(*) from document where function = {function.Code} and kind = {kind} and posted_at is not null and reversal_of is null
            and business_date >= {from} and business_date <= {to} and branch_id {Sql.List(branches)}
            """, row => row.Long(0));
        var raised = db.Later($"""
            select count(distinct document_id) from fact where function = {function.Code} and event = 'exception' and d1 = {declared.Code}
            and business_date >= {from} and business_date <= {to} and branch_id {Sql.List(branches)}
            """, row => row.Long(0));
        await db.Flush(ct);
        return new DryRun(byBranch.Value.Sum(row => row.Item2), documents.Value[0], raised.Value[0], byBranch.Value, first.Value);
    }

    private async Task<int> Some(Tx tx, Function function, ExceptionDeclaration declared, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var view = await organisation.Get(ct);
        var settings = (await rules.Settings.Get(ct)).Value;
        var alike = settings.Alike(declared, view.Branches.Select(branch => branch.Id), activeOnly: true);
        if (alike.Count == 0) return 0;
        // Nodes follow each other in one rule, so that none raises what another is about to.
        if (tx.Engine == Engine.Postgres) tx.Later($"select pg_advisory_xact_lock(14, hashtext({declared.Code}))::text", row => 0);
        await tx.Flush(ct);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var due = await tx.Query($"""
            select {Sql.Raw(RuleQuestion.Select)} from ({Union(tx.Engine, declared.Due!, alike, today, today)}) f
            where not exists (select 1 from exception_found x where x.rule = {declared.Code} and x.key = f.key) order by business_date, key limit {AtOnce}
            """, row => Finding.Read(row), ct);
        if (due.Count == 0) return 0;
        tx.Insert(FoundRows, [.. due.Select(finding => new object?[] { declared.Code, finding.Key, now })]);
        var ids = due.Where(finding => finding.DocumentId is not null).Select(finding => finding.DocumentId!.Value).Distinct().ToList();
        var headers = ids.Count == 0 ? [] : (await tx.Query($"select {Sql.Raw(Headers.Columns)} from document d where d.id {Sql.List(ids)}", row => Headers.Read(row), ct)).ToDictionary(header => header.Id);
        foreach (var branch in due.GroupBy(finding => finding.BranchId))
        {
            var local = TimeZoneInfo.ConvertTime(now, view.Branch(branch.Key).Zone);
            var stamp = new Stamp(Actor.System, branch.Key, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
            book.Raise(tx, function, settings.Of(declared, branch.Key), [.. branch.Select(finding => About(function, declared, finding, headers, stamp, view.Company.Currency.Code))], stamp);
        }

        await tx.Flush(ct);
        return due.Count;
    }

    private static ExceptionBook.Caught About(
        Function function, ExceptionDeclaration declared, Finding finding, Dictionary<Guid, Header> headers, Stamp stamp, string currency)
    {
        var message = declared.Tell?.Invoke(finding) ?? $"{declared.Name}: {finding.Label}";
        if (finding.DocumentId is { } id && headers.TryGetValue(id, out var header)) return new ExceptionBook.Caught(header, message);
        var stands = Header.Draft(finding.SessionId ?? Ids.Of(finding.Key), function.Code, declared.Of ?? function.Kinds[0].Code, stamp, currency);
        stands.SessionId = finding.SessionId;
        return new ExceptionBook.Caught(stands, message, IsDocument: false);
    }

    private Sql Union(
        Engine engine, Func<RuleQuestion, Sql> statement, IReadOnlyList<(IReadOnlyDictionary<string, long> Parameters, IReadOnlyList<Guid> Branches)> alike, DateOnly from, DateOnly to) =>
        Sql.Join(" union all ", alike.Select(group => (Sql)$"select {Sql.Raw(RuleQuestion.Select)} from ({statement(new RuleQuestion(engine, group.Parameters, group.Branches, from, to, Dialect.Micro(clock.GetUtcNow())))}) g"));
}
