using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Books.YearEnd;

/// <summary>Close a year once its books are complete.</summary>
internal sealed class YearEndFunction(LedgerBook ledger, OrganisationBook organisation, YearEndChecks checks) : Function
{
    public const string FunctionCode = "books.year-end";

    private const string Accountant = "accountant", Auditor = "auditor";

    public override string Module => BooksModule.Code;

    public override string Slug => "year-end";

    public override string Name => "Year-end";

    public override string Summary => "Close a year once its books are complete: its result goes to retained earnings.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new(YearEndDocument.Kind, "Close of a year", Dated: false)];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See closes of years", [Accountant, Auditor]),
        new("create", "Prepare the close of a year", [Accountant], true),
        new("submit", "Hand in and cancel the close of a year", [Accountant]),
        new("approve", "Approve and reject the close of a year", [Accountant], true),
        new("post", "Post the close of a year that was approved", [Accountant], true),
        new("reverse", "Reverse the close of a year", [Accountant], true),
        new("close", "Close and reopen the document of a close", [Accountant]),
        new("export", "Export closes of years", [Accountant, Auditor]),
    ];

    public override string ListSource => "left join book_year_end y on y.document_id = coalesce(d.reversal_of, d.id)";

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } = [new("firstDay", "First day", "date", "y.first_day"), new("lastDay", "Last day", "date", "y.last_day")];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
        [new("result", "Result closed", "money", "case when event in ('posted', 'reversed') then amount else 0 end", LineGrain: false), new("closes", "Closes", "integer", "case when event in ('posted', 'reversed') then count else 0 end", Better: "none", LineGrain: false)];

    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } =
        [new(YearEndDocument.Kind, Verb.Submit, "", 0, Accountant), new(YearEndDocument.Kind, Verb.Reverse, "", 0, Accountant)];

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
        [new(Verb.Reverse, "LATE_ENTRIES", "Entries came late"), new(Verb.Reverse, "AUDIT_ADJUSTMENT", "Adjustment of the auditor"), new(Verb.Reject, "NOT_COMPLETE", "The books are not complete")];

    public override IReadOnlyList<QuickAction> QuickActions { get; } = [new("close-year", "Close a year", "/books/year-end/new", "create")];

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        var (first, last) = await tx.First($"select first_day, last_day from book_year_end where document_id = {header.ReversalOf ?? header.Id}", row => (row.Date(0), row.Date(1)), ct);
        return Of(header, first, last);
    }

    /// <summary>A close of this function.</summary>
    public YearEndDocument Of(Header header, DateOnly first, DateOnly last) => new(header, first, last, checks, ledger);

    public override async Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct)
    {
        var id = header.ReversalOf ?? header.Id;
        var sign = header.ReversalOf is null ? 1 : -1;
        var view = await organisation.Get(ct);
        var year = db.Later($"select first_day, last_day from book_year_end where document_id = {id}", row => (First: row.Date(0), Last: row.Date(1)));
        var lines = db.Later($"""
            select l.branch_id, l.account, g.name, g.kind, l.amount from book_year_end_line l join gl_account g on g.code = l.account where l.document_id = {id} order by l.branch_id, l.account
            """, row => (Branch: row.Guid(0), Account: row.Text(1), Name: row.Text(2), Kind: row.Text(3), Amount: row.Long(4) * sign));
        await db.Flush(ct);
        var table = new DetailTable("lines", "Closed accounts",
            [new("branch", "Branch", "text"), new("account", "Account", "text"), new("kind", "Kind", "text"), new("debit", "Debit", "money"), new("credit", "Credit", "money")],
            [.. lines.Value.Select(line => new object?[] { view.Branch(line.Branch).Name, $"{line.Account} {line.Name}", line.Kind, line.Amount < 0 ? -line.Amount : null, line.Amount > 0 ? line.Amount : null })]);
        return new DetailView([new DetailSection("Year", [new("First day", year.Value[0].First, "date"), new("Last day", year.Value[0].Last, "date"), new("Result", header.Total, "money"), new("Remark", header.Note, "text")])], [table]);
    }
}
