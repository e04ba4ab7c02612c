using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>The statements, by period and branch; each at the branches where <c>books.journals.statements</c> is held.</summary>
internal static class StatementEndpoints
{
    private const string Permission = "books.journals.statements", Export = "books.journals.export";
    private const int MostAccounts = 100, MostEntries = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/books/statements").WithTags("Statements").WithMetadata(new AsksFor(Permission)).AddEndpointFilter<RouteGroupBuilder, DatesWithinReach>();
        foreach (var (code, title, make) in new (string, string, Func<Db, StatementRequest, Viewer, CancellationToken, Task<Statement>>)[]
        {
            ("trial-balance", "Debit and credit balances at the end of a period.", (db, request, _, ct) => GeneralLedger.TrialBalance(db, request, ct)),
            ("general-ledger", "Each account with its opening balance, its movements and its closing balance.", (db, request, _, ct) => GeneralLedger.Make(db, request, ct)),
            ("income", "Income and expenses of a period, compared or by branch.", (db, request, viewer, ct) => IncomeStatement.Make(db, request, viewer.Organisation, ct)),
            ("balance-sheet", "Assets, liabilities and equity at the end of a day, compared or by branch.", (db, request, viewer, ct) => BalanceSheet.Make(db, request, viewer.Organisation, ct)),
            ("cash-movement", "Where cash came from and where it went, by counter account.", (db, request, _, ct) => CashMovement.Make(db, request, ct)),
        })
        {
            group.MapGet($"/{code}", (RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, string? compare, bool? byBranch, string? format, CancellationToken ct) =>
                Answer(code, make, who, reading, from, to, branch, compare, byBranch ?? false, format, ct))
                .WithName($"statement-{code}").WithSummary($"{title} format csv, xlsx or pdf gives it as a file.").Produces<StatementAnswer>().Refuses(No);
        }

        group.MapGet("/entries", (RequestActor who, Reading reading, string? account, DateOnly? from, DateOnly? to, string? branch, bool? withoutClosing, bool? cashOnly, int? limit, string? after, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var scope = viewer.Scope(Permission, branch);
                if (scope.IsRefused) return scope.Refusal;
                if (limit is < 1 or > MostEntries) return Refusals.LimitInvalid(MostEntries);
                var last = to ?? reading.Today(who);
                if (from > last) return Refusals.RangeInvalid();
                var accounts = (account ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
                if (accounts.Count is 0 or > MostAccounts) return Refusals.ParameterInvalid("account", account is { Length: > 100 } ? account[..100] : account ?? "");
                return await BookEntries.Read(db, new EntriesRequest(accounts, from, last, scope.Value, withoutClosing ?? false, cashOnly ?? false, limit ?? 100, after), viewer, ct);
            })).WithName("statement-entries").WithSummary("The entries behind a figure: of accounts (codes, separated by commas), days and branches.").Produces<BookEntriesAnswer>().Refuses(No);
    }

    private static async Task<IResult> Answer(
        string code, Func<Db, StatementRequest, Viewer, CancellationToken, Task<Statement>> make, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, string? compare, bool byBranch,
        string? format, CancellationToken ct)
    {
        if (!TableFile.IsFormat(format)) return Refusals.ParameterInvalid("format", format!).ToHttp();
        if (compare is not (null or "none" or "previous" or "year-ago")) return Refusals.ParameterInvalid("compare", compare).ToHttp();
        var viewer = await reading.Viewer(who, ct);
        var scope = viewer.Scope(Permission, branch);
        if (scope.IsRefused) return scope.Refusal.ToHttp();
        var file = TableFile.IsFile(format);
        if (file && scope.Value.Ids.Any(id => !who.Actor.May(Export, id))) return Kernel.Commands.CommandRunner.Denied(Export).ToHttp();
        var last = to ?? reading.Today(who);
        var first = from ?? new DateOnly(last.Year, last.Month, 1);
        if (last < first || last.DayNumber - first.DayNumber > 3660) return Refusals.RangeInvalid().ToHttp();
        var request = new StatementRequest(first, last, compare ?? "none", byBranch, scope.Value, viewer.Organisation.Company.Currency);
        var statement = await reading.Read(db => make(db, request, viewer, ct), ct);
        return file
            ? new TableFile(StatementTelling.Table(statement, request, viewer, reading.Now), format!, $"{code}-{last:yyyy-MM-dd}")
            : Results.Ok(StatementTelling.Of(statement, request, viewer));
    }
}
