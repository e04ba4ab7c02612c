using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Books.Journals;

/// <summary>Enters journals and changes drafts. A draft may be out of balance; it is not handed in so.</summary>
internal sealed class JournalDesk(CommandRunner runner, JournalFunction function, OrganisationBook organisation)
{
    private static readonly DateOnly Earliest = new(1990, 1, 1);

    /// <summary>Enters a draft.</summary>
    public Task<Result<Answer>> Create(CommandCall call, JournalRequest request, CancellationToken ct = default) =>
        runner.Run(call, JournalFunction.FunctionCode, "create", 201, (tx, stamp) => CreateWithin(tx, stamp, request, ct), ct);

    /// <summary>Changes a draft, or one that was rejected, which becomes a draft again.</summary>
    public Task<Result<Answer>> Edit(CommandCall call, Guid id, long? version, JournalRequest request, CancellationToken ct = default) =>
        runner.Run(call, JournalFunction.FunctionCode, "create", 200, (tx, stamp) => EditWithin(tx, stamp, id, version, request, ct), ct);

    /// <summary>Enters a draft inside a transaction that is open already.</summary>
    public async Task<Result<JournalAnswer>> CreateWithin(Tx tx, Stamp stamp, JournalRequest request, CancellationToken ct = default)
    {
        var read = await Read(tx, stamp, request, ct);
        if (read.IsRefused) return read.Refusal;
        var header = Header.Draft(Ids.New(runner.Clock), function.Code, request.Kind, stamp, (await organisation.Get(ct)).Company.Currency.Code);
        return await Write(tx, stamp, header, request, read.Value, "create", null, () => Headers.Insert(tx, header), ct);
    }

    private async Task<Result<JournalAnswer>> EditWithin(Tx tx, Stamp stamp, Guid id, long? version, JournalRequest request, CancellationToken ct)
    {
        var locked = await Headers.Lock(tx, function.Code, id, version, ct);
        if (locked.IsRefused) return locked.Refusal;
        var header = locked.Value;
        if (!stamp.Actor.May($"{function.Code}.create", header.BranchId)) return CommandRunner.Denied($"{function.Code}.create");
        var next = Lifecycle.Next(header.Status, Verb.Edit);
        if (next.IsRefused) return next.Refusal;
        if (request.Kind != header.Kind) return JournalRefusals.KindUnknown with { Message = "The kind of a journal stays as it is." };
        stamp = await runner.StampAt(stamp, header.BranchId, ct);
        var read = await Read(tx, stamp, request, ct);
        if (read.IsRefused) return read.Refusal;
        var before = (await function.Load(tx, header, ct)).Snapshot;
        JournalTables.Delete(tx, id);
        if (header.Status != next.Value) header.BackToDraft(stamp);
        header.Edit(stamp);
        return await Write(tx, stamp, header, request, read.Value, Verb.Edit, before, () => Headers.Update(tx, header), ct);
    }

    private async Task<JournalAnswer> Write(Tx tx, Stamp stamp, Header header, JournalRequest request, IReadOnlyList<JournalLine> lines, string action, string? before, Action write, CancellationToken ct)
    {
        var (debit, credit) = (lines.Where(line => line.Amount > 0).Sum(line => line.Amount), lines.Where(line => line.Amount < 0).Sum(line => -line.Amount));
        (header.BusinessDate, header.Total, header.Note) = (request.Date, debit, null);
        var facts = new JournalFacts(request.Text.Trim(), request.ReverseOn);
        var recurrence = request.Recurrence is { } r ? new Recurrence(r.Every, r.Unit, request.Date, r.EndsOn, r.Times) : null;
        JournalTables.Insert(tx, header.Id, facts, lines, recurrence);
        write();
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, action, header.Kind, header.Id, Before: before, After: function.Of(header, facts, lines, recurrence).Snapshot), runner.Clock);
        return new JournalAnswer(header.Id, header.Status, header.Version, await function.Shown(debit, ct), await function.Shown(credit, ct), await function.Shown(checked(debit - credit), ct));
    }

    private async Task<Result<IReadOnlyList<JournalLine>>> Read(Tx tx, Stamp stamp, JournalRequest request, CancellationToken ct)
    {
        if (HeadRefusal(stamp, request) is { } no) return no;
        if (request.Lines.Count > Journal.MostLines) return JournalRefusals.TooManyLines;
        var parties = request.Lines.Select(line => Guid.TryParse(line.Subject, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToList();
        var read = await Reader(tx, stamp, parties, ct);
        var lines = new List<JournalLine>(request.Lines.Count);
        for (var at = 0; at < request.Lines.Count; at++)
        {
            var line = read.Line(request.Lines[at], $"/lines/{at}");
            if (line.IsRefused) return line.Refusal;
            lines.Add(line.Value);
        }

        return lines;
    }

    /// <summary>Reads lines one by one, of a file as well.</summary>
    /// <param name="db">A session.</param>
    /// <param name="stamp">Who enters them; a line without a branch is of theirs.</param>
    /// <param name="parties">The parties that lines name.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<LineReader> Reader(Db db, Stamp stamp, IReadOnlyCollection<Guid> parties, CancellationToken ct)
    {
        var asked = function.Book.Ask(db);
        var known = db.Later($"select id from party where id {Sql.List(parties)}", row => row.Guid(0));
        var methods = db.Later($"select code from payment_method", row => row.Text(0));
        await db.Flush(ct);
        return new LineReader(function.Book.Read(asked), known.Value.ToHashSet(), methods.Value.ToHashSet(StringComparer.Ordinal), await organisation.Get(ct), stamp);
    }

    /// <summary>Whether a journal may have a day at all.</summary>
    public static bool IsWithinReach(DateOnly day, DateOnly today) => day >= Earliest && day <= today.AddYears(1);

    private static Refusal? HeadRefusal(Stamp stamp, JournalRequest request)
    {
        if (request.Kind is not (Journal.Kind or Journal.OpeningKind or Journal.RecurringKind)) return JournalRefusals.KindUnknown;
        if (!IsWithinReach(request.Date, stamp.BusinessDate)) return JournalRefusals.DateInvalid("/date");
        if (Check.Text(request.Text, "/text") is { } text) return text;
        if (request.ReverseOn is { } on && (request.Kind != Journal.Kind || on <= request.Date || on > request.Date.AddYears(1))) return JournalRefusals.ReverseOnInvalid;
        if ((request.Kind == Journal.RecurringKind) != (request.Recurrence is not null)) return JournalRefusals.RecurrenceMissing;
        if (request.Recurrence is not { } r) return null;
        return r.Every is < 1 or > 120 ? JournalRefusals.RecurrenceInvalid("/recurrence/every")
            : r.Unit is not ("week" or "month") ? JournalRefusals.RecurrenceInvalid("/recurrence/unit")
            : r.EndsOn < request.Date || r.EndsOn?.Year > 2199 ? JournalRefusals.RecurrenceInvalid("/recurrence/endsOn")
            : r.Times is < 1 or > 1000 ? JournalRefusals.RecurrenceInvalid("/recurrence/times") : null;
    }
}

/// <summary>Reads lines as they were entered.</summary>
internal sealed class LineReader(IReadOnlyDictionary<string, BookAccount> accounts, HashSet<Guid> parties, HashSet<string> methods, OrganisationView view, Stamp stamp)
{
    private const string Create = "books.journals.create";

    /// <summary>One line; <paramref name="at"/> is its pointer.</summary>
    public Result<JournalLine> Line(JournalLineRequest line, string at)
    {
        if (!accounts.TryGetValue(line.Account, out var account)) return JournalRefusals.AccountUnknown($"{at}/account");
        if (!account.Active) return JournalRefusals.AccountInactive(account.Code, $"{at}/account");
        if (!account.ByHand) return JournalRefusals.NotByHand(account.Code, $"{at}/account");
        if (line.Debit is null == line.Credit is null) return JournalRefusals.OneSide(at);
        var pointer = line.Debit is null ? $"{at}/credit" : $"{at}/debit";
        if (!Money.TryParse(line.Debit ?? line.Credit, view.Company.Currency, out var amount) || !amount.IsPositive) return JournalRefusals.AmountInvalid(pointer);
        if (amount.Minor > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge(pointer);
        var branch = line.Branch is null ? view.Branch(stamp.BranchId) : view.FindBranch(line.Branch);
        if (branch is null) return JournalRefusals.BranchUnknown($"{at}/branch");
        if (!stamp.Actor.May(Create, branch.Id)) return CommandRunner.Denied(Create);
        var subject = SubjectOf(account, line.Subject, branch, $"{at}/subject");
        if (subject.IsRefused) return subject.Refusal;
        if (line.Text is { Length: > 0 } text && Check.Text(text, $"{at}/text") is { } no) return no;
        return new JournalLine(account.Code, account.Role.Code, subject.Value, branch.Id, line.Debit is null ? -amount.Minor : amount.Minor, line.Text?.Trim() ?? "");
    }

    private Result<string> SubjectOf(BookAccount account, string? subject, Branch branch, string at)
    {
        if (account.Subject == "branch") return string.IsNullOrEmpty(subject) || subject == branch.Id.ToString("D") ? branch.Id.ToString("D") : JournalRefusals.SubjectUnknown(at);
        if (string.IsNullOrEmpty(subject)) return account.Subject == "none" ? "" : JournalRefusals.SubjectMissing(account.Code, at);
        return account.Subject switch
        {
            "party" when Guid.TryParse(subject, out var id) && parties.Contains(id) => id.ToString("D"),
            "method" when methods.Contains(subject) => subject,
            _ => JournalRefusals.SubjectUnknown(at),
        };
    }
}
