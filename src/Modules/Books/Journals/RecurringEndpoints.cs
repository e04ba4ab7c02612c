using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>A recurring journal as its page lists it.</summary>
/// <param name="Id">The document.</param>
/// <param name="Number">Its number, once it is approved.</param>
/// <param name="Text">What it is for.</param>
/// <param name="Branch">Code of its branch.</param>
/// <param name="Status">Status of the document: posted while it runs, closed while it is paused.</param>
/// <param name="Version">Version.</param>
/// <param name="Amount">What each journal books.</param>
/// <param name="Currency">In this currency.</param>
/// <param name="Every">It comes every so many.</param>
/// <param name="Unit">week or month.</param>
/// <param name="StartsOn">Its first day.</param>
/// <param name="EndsOn">Its last day, or null.</param>
/// <param name="Times">How many times it comes, or null.</param>
/// <param name="Made">How many journals it has made.</param>
/// <param name="LastOn">The day of the last of them.</param>
/// <param name="NextOn">When it is due next; null while it is not approved, paused or at its end.</param>
/// <param name="Upcoming">The next days, at most three.</param>
/// <param name="StuckOn">The day that could not be posted: its month is closed or an account is out of use.</param>
public sealed record RecurringItem(
    Guid Id, string? Number, string Text, string Branch, string Status, long Version, string Amount, string Currency, long Every, string Unit, DateOnly StartsOn, DateOnly? EndsOn, long? Times,
    long Made, DateOnly? LastOn, DateOnly? NextOn, IReadOnlyList<DateOnly> Upcoming, DateOnly? StuckOn);

/// <summary>Recurring journals, those that are due first first.</summary>
/// <param name="Items">At most 500.</param>
public sealed record RecurringAnswer(IReadOnlyList<RecurringItem> Items);

/// <summary>A journal that a recurring one made.</summary>
/// <param name="Id">The document.</param>
/// <param name="Number">Its number.</param>
/// <param name="DueOn">The day for which it was made.</param>
/// <param name="Status">Status.</param>
/// <param name="Amount">What it booked.</param>
/// <param name="PostedAt">When it was posted.</param>
public sealed record RecurringRun(Guid Id, string? Number, DateOnly DueOn, string Status, string Amount, DateTimeOffset? PostedAt);

/// <summary>What a recurring journal made, the latest first.</summary>
/// <param name="Items">At most 200.</param>
public sealed record RecurringRunsAnswer(IReadOnlyList<RecurringRun> Items);

/// <summary>What the page of recurring journals reads; they are paused and resumed by <c>close</c> and <c>reopen</c> like any document.</summary>
internal static class RecurringEndpoints
{
    private const string View = "books.journals.view";
    private const int Most = 500, MostRuns = 200, Ahead = 3;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/books/journals/recurring").WithTags("Journals");
        group.MapGet("", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(View);
            return scope.IsRefused ? scope.Refusal : (Result<RecurringAnswer>)new RecurringAnswer(await List(db, viewer, scope.Value, ct));
        })).WithName("recurringJournals").WithSummary("Recurring journals with their next days.").WithMetadata(new AsksFor(View)).Produces<RecurringAnswer>().Refuses(401, 403);

        group.MapGet("/{id:guid}/runs", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(View);
            if (scope.IsRefused) return scope.Refusal;
            var branch = await db.Query($"select d.branch_id from book_recurring r join document d on d.id = r.document_id where r.document_id = {id}", row => row.Guid(0), ct);
            if (branch.Count == 0 || (!scope.Value.All && !scope.Value.Ids.Contains(branch[0]))) return Headers.Unknown;
            return (Result<RecurringRunsAnswer>)new RecurringRunsAnswer(await Runs(db, viewer, id, ct));
        })).WithName("recurringRuns").WithSummary("What a recurring journal made, the latest first.").WithMetadata(new AsksFor(View)).Produces<RecurringRunsAnswer>().Refuses(401, 403, 404);
    }

    internal static async Task<IReadOnlyList<RecurringItem>> List(Db db, Viewer viewer, BranchScope scope, CancellationToken ct)
    {
        Sql seen = scope.All ? Sql.Raw("") : $" where d.branch_id {Sql.List(scope.Ids)}";
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return await db.Query($"""
            select r.document_id, d.number, j.text, d.branch_id, d.status, d.version, d.total, d.currency, r.every, r.unit, r.starts_on, r.ends_on, r.times, r.made, r.next_on, r.stuck_on,
              (select max(m.due_on) from book_journal m where m.template_id = r.document_id)
            from book_recurring r join document d on d.id = r.document_id join book_journal j on j.document_id = r.document_id{seen}
            order by case when r.next_on is null then 1 else 0 end, r.next_on, r.document_id desc limit {Most}
            """, row =>
        {
            var comes = new Recurrence(row.Long(8), row.Text(9), row.Date(10), row.DateOrNull(11), row.LongOrNull(12)) { Made = row.Long(13), NextOn = row.DateOrNull(14), StuckOn = row.DateOrNull(15) };
            return new RecurringItem(
                row.Guid(0), row.TextOrNull(1), row.Text(2), viewer.BranchCode(row.Guid(3)), row.Text(4), row.Long(5), Shown.Money(row.Long(6), exponent), row.Text(7), comes.Every, comes.Unit, comes.StartsOn,
                comes.EndsOn, comes.Times, comes.Made, row.DateOrNull(16), comes.NextOn, comes.NextOn is null ? [] : comes.Next(Ahead), comes.StuckOn);
        }, ct);
    }

    internal static async Task<IReadOnlyList<RecurringRun>> Runs(Db db, Viewer viewer, Guid id, CancellationToken ct)
    {
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return await db.Query($"""
            select d.id, d.number, j.due_on, d.status, d.total, d.posted_at from book_journal j join document d on d.id = j.document_id where j.template_id = {id} order by j.due_on desc limit {MostRuns}
            """, row => new RecurringRun(row.Guid(0), row.TextOrNull(1), row.Date(2), row.Text(3), Shown.Money(row.Long(4), exponent), row.InstantOrNull(5)), ct);
    }
}
