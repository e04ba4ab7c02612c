using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>What the page of a journal shows, and what its editor starts from.</summary>
internal static class JournalDetail
{
    public static async Task<DetailView> Read(Db db, Header header, OrganisationView view, CancellationToken ct)
    {
        var id = header.ReversalOf ?? header.Id;
        var sign = header.ReversalOf is null ? 1 : -1;
        var (facts, lines, recurrence) = (JournalTables.Facts(db, id), JournalTables.LinesOf(db, id), JournalTables.RecurrenceOf(db, id));
        var names = db.Later($"select code, name from gl_account", row => (Code: row.Text(0), Name: row.Text(1)));
        await db.Flush(ct);
        var (journal, comes) = (facts.Value[0], recurrence.Value.FirstOrDefault());
        var accounts = names.Value.ToDictionary(account => account.Code, account => account.Name, StringComparer.Ordinal);
        var subjects = await SubjectNames.For(db, lines.Value.Select(line => line.Subject), ct);
        var exponent = view.Company.Currency.Exponent;
        var data = new JournalData(header.Kind, header.BusinessDate, journal.Text, journal.ReverseOn,
            comes is null ? null : new RecurrenceRequest(comes.Every, comes.Unit, comes.EndsOn, comes.Times), comes?.NextOn,
            [.. lines.Value.Select(line => new JournalLineData(line.Account, accounts.GetValueOrDefault(line.Account, line.Account),
                line.Amount * sign > 0 ? Shown.Money(line.Amount * sign, exponent) : null, line.Amount * sign < 0 ? Shown.Money(-line.Amount * sign, exponent) : null,
                line.Subject.Length == 0 ? null : line.Subject, subjects.GetValueOrDefault(line.Subject), view.Branch(line.Branch).Code, line.Text.Length == 0 ? null : line.Text))]);
        var table = new DetailTable("lines", "Lines",
            [new("account", "Account", "text"), new("subject", "Subject", "text"), new("branch", "Branch", "text"), new("debit", "Debit", "money"), new("credit", "Credit", "money"), new("text", "Text", "text")],
            [.. lines.Value.Select(line => new object?[]
            {
                $"{line.Account} {accounts.GetValueOrDefault(line.Account, "")}", subjects.GetValueOrDefault(line.Subject), view.Branch(line.Branch).Name,
                line.Amount * sign > 0 ? line.Amount * sign : null, line.Amount * sign < 0 ? -line.Amount * sign : null, line.Text,
            })]);
        var fields = new List<DetailField> { new("Text", journal.Text, "text") };
        if (journal.ReverseOn is { } on) fields.Add(new("Reverses on", on, "date"));
        if (journal.DueOn is { } due) fields.Add(new("Due on", due, "date"));
        if (comes is not null)
        {
            fields.AddRange([new("Comes every", comes.Every == 1 ? comes.Unit : $"{comes.Every} {comes.Unit}s", "text"), new("Next on", comes.NextOn, "date"), new("Made so far", comes.Made, "integer"),
                new("Ends on", comes.EndsOn, "date"), new("Times", comes.Times, "integer")]);
        }

        return new DetailView([new DetailSection("Journal", fields)], [table], StandingOf(header, comes), data);
    }

    private static string? StandingOf(Header header, Recurrence? comes) => comes is null || header.Status != Status.Posted ? null
        : comes.StuckOn is not null ? "stuck" : comes.NextOn is null ? "ended" : "active";
}
