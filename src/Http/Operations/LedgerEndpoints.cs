using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;

namespace Plug1.Http.Operations;

/// <summary>The ledger of the whole company; needs <c>kernel.ledger.view</c> at every branch, since its accounts are not parted by branch.</summary>
internal static class LedgerEndpoints
{
    private const string Permission = "kernel.ledger.view";
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapLedgerReads(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/ledger").WithTags("Ledger");
        group.MapGet("/accounts", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            Denied(viewer) is { } no ? no : (Result<LedgerAccountsAnswer>)new LedgerAccountsAnswer([.. (await LedgerReports.Chart(db, ct))
                .Select(account => new LedgerAccount(account.Code, account.Name, account.Kind, account.Group, account.Contra, account.Active))])))
            .WithName("ledgerAccounts").WithSummary("The chart of accounts.").Produces<LedgerAccountsAnswer>().Refuses(No);

        group.MapGet("/accounts/{id}/entries", (string id, RequestActor who, Reading reading, string? subject, DateOnly? from, DateOnly? to, int? limit, string? after, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                if (Denied(viewer) is { } no) return no;
                if (limit is < 1 or > 200) return Kernel.Reporting.Refusals.LimitInvalid(200);
                var last = to ?? reading.Today(who);
                var first = from ?? new DateOnly(last.Year, last.Month, 1);
                if (last < first) return Kernel.Reporting.Refusals.RangeInvalid();
                if (!(await LedgerReports.Chart(db, ct)).Any(account => account.Code == id)) return Kernel.Reporting.Refusals.NotFound("account");
                var count = limit ?? 50;
                var entries = await LedgerReports.Entries(db, id, subject, first, last, count + 1, after, ct);
                if (entries.IsRefused) return entries.Refusal;
                var opening = await LedgerReports.Opening(db, id, subject, first, ct);
                var told = entries.Value.Take(count).ToList();
                var subjects = await SubjectNames.For(db, told.Select(entry => entry.Subject), ct);
                var scales = entries.Value.GroupBy(entry => entry.Unit, StringComparer.Ordinal).ToDictionary(unit => unit.Key, unit => unit.First().Scale, StringComparer.Ordinal);
                var company = viewer.Organisation.Company.Currency;
                return (Result<AccountEntriesAnswer>)new AccountEntriesAnswer(new RangeAnswer(first, last),
                    [.. opening.Select(unit => new UnitBalance(unit.Key, Shown.Money(unit.Value, scales.GetValueOrDefault(unit.Key, ScaleOf(unit.Key, company)))))],
                    [.. told.Select(entry => Tell(entry, viewer, subjects))], entries.Value.Count > count ? LedgerReports.CursorOf(told[^1]) : null);
            })).WithName("ledgerEntries").WithSummary("Entries of an account of the chart, oldest first, this month when no range is given.").Produces<AccountEntriesAnswer>().Refuses(No);

        group.MapGet("/trial-balance", (RequestActor who, Reading reading, DateOnly? at, bool? all, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            if (Denied(viewer) is { } no) return no;
            var day = at ?? reading.Today(who);
            return (Result<TrialBalanceAnswer>)Tell(day, await LedgerReports.TrialBalance(db, day, all is not true, ct));
        })).WithName("trialBalance").WithSummary("Balances at the end of a day; all=true tells also goods and holdings.").Produces<TrialBalanceAnswer>().Refuses(No);
    }

    private static Refusal? Denied(Viewer viewer)
    {
        var scope = viewer.Scope(Permission);
        return scope.IsRefused ? scope.Refusal : scope.Value.All ? null : CommandRunner.Denied(Permission);
    }

    private static int ScaleOf(string unit, Kernel.Values.Currency company) => unit.StartsWith("SEC:", StringComparison.Ordinal) ? 0 : unit.Contains(':', StringComparison.Ordinal) ? 6 : Shown.Exponent(unit, company);

    private static AccountEntryItem Tell(AccountEntry entry, Viewer viewer, IReadOnlyDictionary<string, string> subjects) => new(
        entry.Transaction, entry.BusinessDate, entry.PostedAt, new DocumentLink(entry.DocumentId, entry.Number, entry.Function), viewer.BranchCode(entry.BranchId), entry.Role,
        entry.Subject.Length == 0 ? null : entry.Subject, subjects.GetValueOrDefault(entry.Subject), entry.Unit, Shown.Money(entry.Amount, entry.Scale),
        entry.Amount > 0 ? Shown.Money(entry.Amount, entry.Scale) : null, entry.Amount < 0 ? Shown.Money(checked(-entry.Amount), entry.Scale) : null, entry.Memo);

    private static TrialBalanceAnswer Tell(DateOnly at, IReadOnlyList<TrialLine> lines) => new(at,
        [.. lines.Select(line => new TrialBalanceLine(line.Account, line.Name, line.Kind, line.Group, line.Unit, Shown.Money(line.Balance, line.Scale),
            line.Balance > 0 ? Shown.Money(line.Balance, line.Scale) : null, line.Balance < 0 ? Shown.Money(checked(-line.Balance), line.Scale) : null))],
        [.. lines.GroupBy(line => line.Unit, StringComparer.Ordinal).Select(unit => new TrialBalanceTotal(unit.Key,
            Shown.Money(unit.Where(line => line.Balance > 0).Sum(line => line.Balance), unit.First().Scale),
            Shown.Money(unit.Where(line => line.Balance < 0).Sum(line => checked(-line.Balance)), unit.First().Scale)))]);
}
