using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>Book by hand what no function books, and open the books of a branch.</summary>
internal sealed class JournalFunction(LedgerBook ledger, OrganisationBook organisation, IServiceProvider services) : Function
{
    public const string FunctionCode = "books.journals";

    private const string Accountant = "accountant", Manager = "store-manager", Auditor = "auditor";

    /// <summary>Which accounts may be booked by hand.</summary>
    public BookAccounts Book { get; } = new(services);

    public override string Module => BooksModule.Code;

    public override string Slug => "journals";

    public override string Name => "Journals";

    public override string Summary => "Book by hand what no function books, open the books of a branch, and read them.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new(Journal.Kind, "Journal", Revisable: true), new(Journal.OpeningKind, "Opening balances", Revisable: true), new(Journal.RecurringKind, "Recurring journal", Revisable: true, Dated: false)];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See journals", [Accountant, Auditor]),
        new("create", "Enter and change journals", [Accountant]),
        new("submit", "Hand in and cancel journals", [Accountant]),
        new("approve", "Approve and reject journals", [Accountant]),
        new("post", "Post journals that were approved", [Accountant]),
        new("reverse", "Reverse journals", [Accountant]),
        new("close", "Stop and resume recurring journals", [Accountant]),
        new("export", "Export journals and statements", [Accountant, Auditor]),
        new("statements", "See the general ledger and the financial statements", [Accountant, Auditor, Manager], true),
    ];

    public override string ListSource => "left join book_journal j on j.document_id = coalesce(d.reversal_of, d.id) left join book_recurring r on r.document_id = d.id";

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("text", "Text", "text", "j.text"),
        new("reverseOn", "Reverses on", "date", "j.reverse_on", Shown: false),
        new("nextOn", "Next on", "date", "r.next_on", Shown: false),
    ];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("amount", "Amount", "money", Booked("amount"), Better: "none", LineGrain: false),
        new("journals", "Journals", "integer", Booked("count"), Better: "none", LineGrain: false),
        new("lines", "Lines", "integer", Booked("m1"), Better: "none", LineGrain: false),
        new("reversals", "Reversals", "integer", "case when event = 'reversed' then -count else 0 end", Better: "down", LineGrain: false),
        new("exceptions", "Exceptions", "integer", "case when event = 'exception' then count else 0 end", Better: "down", LineGrain: false),
    ];

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("source", "Source", "d1")];

    public override FunctionSums Sums => Statements.BookSums.Declared;

    public override IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> Accounts { get; } =
        [(BookAccounts.BranchClearing, "1900", "Clearing between branches", "clearing"), (BookAccounts.RetainedSurplus, "3100", "Retained earnings", "equity")];

    public override IReadOnlyList<ExceptionDeclaration> Exceptions { get; } =
    [
        new("JOURNAL_RECURRING_STUCK", "A recurring journal could not be posted on its day", "high"),
        new("JOURNAL_REVERSAL_STUCK", "A journal could not be reversed on its day", "high"),
    ];

    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } =
    [
        new(Journal.Kind, Verb.Submit, "amount", 100_000, Accountant), new(Journal.Kind, Verb.Reverse, "amount", 100_000, Accountant),
        new(Journal.OpeningKind, Verb.Submit, "", 0, Accountant), new(Journal.OpeningKind, Verb.Reverse, "", 0, Accountant),
        new(Journal.RecurringKind, Verb.Submit, "", 0, Accountant),
    ];

    /// <summary>What a recurring journal makes was approved with it.</summary>
    public override string AsksApprovalWhen => "not exists (select 1 from book_journal made where made.document_id = d.id and made.template_id is not null)";

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new(Verb.Reverse, "WRONG_ACCOUNT", "Wrong account"), new(Verb.Reverse, "WRONG_AMOUNT", "Wrong amount"), new(Verb.Reverse, "DUPLICATE", "Entered twice"), new(Verb.Reverse, "PLANNED", "Planned reversal"),
        new(Verb.Reject, "NO_VOUCHER", "Voucher is missing"), new(Verb.Reject, "WRONG_ACCOUNT", "Wrong account"), new(Verb.Reject, "NOT_JUSTIFIED", "Not justified"),
    ];

    public override IReadOnlyList<QuickAction> QuickActions { get; } =
    [
        new("new-journal", "New journal", "/books/journals/new", "create"),
        new("statements", "Statements", "/books/statements/income", "statements"),
        new("recurring", "Recurring journals", "/books/recurring", "view"),
        new("approve", "Approve next journal", "/approvals?function=books.journals", "approve"),
    ];

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        var id = header.ReversalOf ?? header.Id;
        var (facts, lines, recurrence) = (JournalTables.Facts(tx, id), JournalTables.LinesOf(tx, id), JournalTables.RecurrenceOf(tx, id));
        await tx.Flush(ct);
        return Of(header, facts.Value[0], lines.Value, recurrence.Value.FirstOrDefault());
    }

    /// <summary>A journal of this function.</summary>
    public Journal Of(Header header, JournalFacts facts, IReadOnlyList<JournalLine> lines, Recurrence? recurrence) => new(header, facts, lines, recurrence, this, ledger);

    public override async Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) =>
        await JournalDetail.Read(db, header, await organisation.Get(ct), ct);

    /// <summary>An amount of the company's currency as text.</summary>
    public async ValueTask<string> Shown(long minor, CancellationToken ct) => Kernel.Reporting.Shown.Money(minor, (await organisation.Get(ct)).Company.Currency.Exponent);

    private static string Booked(string column) => $"case when event in ('posted', 'reversed') then {column} else 0 end";
}
