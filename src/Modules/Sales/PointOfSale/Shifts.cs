using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>Opens a shift.</summary>
/// <param name="Float">Cash put into the drawer from the safe.</param>
public sealed record OpenShiftRequest(string Float);

/// <summary>Cash put in or taken out.</summary>
public sealed record CashMovementRequest(string TerminalId, string Movement, string Amount, string Reason, string? Text = null, ApprovalRequestToken? Approval = null);

/// <summary>How many of a note or coin.</summary>
public sealed record DenominationCount(string Value, int Count);

/// <summary>What was counted of a payment method.</summary>
public sealed record TenderCount(string Method, string Counted);

/// <summary>A count of the drawer and of the other tenders.</summary>
public sealed record CountRequest(IReadOnlyList<DenominationCount>? Denominations, IReadOnlyList<TenderCount> Tenders);

/// <summary>Closes a counted shift.</summary>
public sealed record CloseShiftRequest(string NextFloat, string? Reason = null, string? Text = null, ApprovalRequestToken? Approval = null);

/// <summary>Opens the drawer without a sale.</summary>
public sealed record OpenDrawerRequest(string TerminalId, string Reason);

/// <summary>Hands the drawer to the next cashier: a count of this shift and a new one with the same cash.</summary>
public sealed record HandoverRequest(string ToUser, string Password, IReadOnlyList<DenominationCount>? Denominations, IReadOnlyList<TenderCount> Tenders, string? Code = null);

/// <summary>A shift as the till shows it.</summary>
public sealed record ShiftAnswer(Guid Id, string Number, string Terminal, string State, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string Float, IReadOnlyList<ShiftTenderAnswer> Tenders,
    Guid? CloseDocumentId = null, string? WaitsFor = null);

/// <summary>What was expected and counted of a payment method; the expectation is told after the count, or to those who may see it.</summary>
public sealed record ShiftTenderAnswer(string Method, string Name, bool HasMovement, string? Expected, string? Counted, string? Variance);

/// <summary>Where a cash movement or a close stands.</summary>
public sealed record MovementAnswer(Guid Id, string? Number, string Status, string? WaitsFor);

/// <summary>Shifts of a till: open with a float, move cash, count blind, close with the variance posted.</summary>
internal sealed class Shifts(
    CommandRunner runner, Database database, PointOfSaleFunction function, OrganisationBook organisation, Kernel.Catalog.CatalogueBook catalogue, LedgerBook ledger, LifecycleDesk lifecycle, SecondPerson secondPerson, ExceptionBook exceptions)
{
    private static readonly Table SessionTable = new("work_session",
        ("id", Kind.Id), ("kind", Kind.Text), ("branch_id", Kind.Id), ("terminal_id", Kind.Id), ("number", Kind.Text), ("user_id", Kind.Id), ("state", Kind.Text), ("opened_at", Kind.Instant));

    private static readonly Table MovementTable = new("pos_cash_movement",
        ("document_id", Kind.Id), ("session_id", Kind.Id), ("terminal_id", Kind.Id), ("movement", Kind.Text), ("amount", Kind.Long), ("reason", Kind.Text), ("counter_role", Kind.Text), ("posted", Kind.Bool));

    private static readonly Table CountTable = new("pos_shift_tender", ("session_id", Kind.Id), ("method", Kind.Text), ("expected", Kind.Long), ("counted", Kind.Long), ("variance", Kind.Long));

    private static readonly Table DenominationTable = new("pos_shift_denomination", ("session_id", Kind.Id), ("value", Kind.Long), ("count", Kind.Long));

    /// <summary>Opens a shift on a terminal of the branch: one at a time, a unique index says so.</summary>
    public Task<Result<Answer>> Open(CommandCall call, string terminalCode, OpenShiftRequest request, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "open-shift", 201, (tx, stamp) => OpenWithin(tx, stamp, terminalCode, request.Float, null, ct), ct);

    /// <summary>Opens a shift inside a transaction that is open already.</summary>
    public async Task<Result<ShiftAnswer>> OpenWithin(Tx tx, Stamp stamp, string terminalCode, string floatText, Guid? previous, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        if (view.FindTerminal(terminalCode) is not { Active: true } terminal || terminal.BranchId != stamp.BranchId) return Refusals.TerminalUnknown(terminalCode);
        if (!Money.TryParse(floatText, view.Company.Currency, out var amount) || amount.IsNegative) return Refusals.AmountInvalid("/float");
        if (amount.Minor > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge("/float");
        var id = Ids.New(runner.Clock);
        var number = await Numbers.Draw(tx, $"shift/{terminal.Code}", $"SHIFT-{terminal.Code}-", 5, ct);
        tx.Insert(SessionTable, [[id, "shift", stamp.BranchId, terminal.Id, number, stamp.Actor.UserId, "open", stamp.At]]);
        tx.Stage($"insert into pos_shift (session_id, float_amount, previous_session_id) values ({id}, {amount.Minor}, {previous})");
        if (amount.IsPositive && previous is null)
        {
            var header = NewMovement(stamp, id, amount.Minor, view.Company.Currency.Code);
            var moved = await PostMovement(tx, stamp, header, new CashMovementData(id, terminal.Id, "float", amount.Minor, null, AccountRoles.Safe), approved: true, ct);
            if (moved.Refusal is { } no) return no;
        }

        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "open-shift", "shift", id, After: Snapshots.Of(new { number, terminal = terminal.Code, @float = amount.ToString() })), runner.Clock);
        return new ShiftAnswer(id, number, terminal.Code, "open", stamp.Actor.Name, stamp.At, null, amount.ToString(), []);
    }

    /// <summary>Puts cash in, takes it out, or drops it into the safe. What is paid out above the limit waits for approval.</summary>
    public Task<Result<Answer>> Move(CommandCall call, CashMovementRequest request, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "move-cash", 201, (tx, stamp) => MoveWithin(tx, stamp, request, ct), ct);

    /// <summary>Moves cash inside a transaction that is open already.</summary>
    public async Task<Result<MovementAnswer>> MoveWithin(Tx tx, Stamp stamp, CashMovementRequest request, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        if (view.FindTerminal(request.TerminalId) is not { } terminal || terminal.BranchId != stamp.BranchId) return Refusals.TerminalUnknown(request.TerminalId);
        if (request.Movement is not ("paid-in" or "paid-out" or "drop")) return Refusals.MovementUnknown;
        if (!Money.TryParse(request.Amount, view.Company.Currency, out var amount) || !amount.IsPositive) return Refusals.AmountInvalid("/amount");
        if (amount.Minor > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge("/amount");
        var shift = tx.Later($"select id from work_session where terminal_id = {terminal.Id} and kind = 'shift' and state = 'open'{Dialect.ForShare(tx.Engine)}", row => row.Guid(0));
        var reason = Reasons.Find(tx, function.Code, request.Movement, request.Reason);
        await tx.Flush(ct);
        if (shift.Value.Count == 0) return Refusals.ShiftNotOpen;
        if (request.Movement != "drop" && reason.Value.Count == 0) return Reasons.Required(request.Movement);

        var header = NewMovement(stamp, shift.Value[0], amount.Minor, view.Company.Currency.Code);
        header.Note = request.Text;
        var approved = false;
        if (request.Approval is { } grant)
        {
            var redeemed = await secondPerson.Redeem(tx, grant.Token, $"{function.Code}.paid-out", stamp.BranchId, header.Id, stamp.Actor.UserId, ct);
            if (redeemed.Refusal is { } no) return no;
            header.ApprovedBy = redeemed.Value.GrantedBy;
            approved = true;
        }

        var data = new CashMovementData(shift.Value[0], terminal.Id, request.Movement, amount.Minor, request.Reason, CounterRole(request.Movement, request.Reason));
        return await PostMovement(tx, stamp, header, data, approved, ct);
    }

    private static AccountRole CounterRole(string movement, string reason) => (movement, reason) switch
    {
        ("drop", _) => AccountRoles.Safe,
        (_, "TIP") => AccountRoles.TipsPayable,
        (_, "SAFE") => AccountRoles.Safe,
        _ => AccountRoles.PettyCash,
    };

    /// <summary>The role behind a stored name.</summary>
    public static AccountRole RoleOf(string code) => new[] { AccountRoles.Safe, AccountRoles.TipsPayable, AccountRoles.PettyCash }.First(role => role.Code == code);

    private Header NewMovement(Stamp stamp, Guid session, long amount, string currency)
    {
        var header = Header.Draft(Ids.New(runner.Clock), PointOfSaleFunction.FunctionCode, "cash-movement", stamp, currency);
        header.SessionId = session;
        header.Total = amount;
        return header;
    }

    private async Task<Result<MovementAnswer>> PostMovement(Tx tx, Stamp stamp, Header header, CashMovementData data, bool approved, CancellationToken ct)
    {
        var document = new CashMovement(header, data, ledger);
        tx.Insert(MovementTable, [[header.Id, data.SessionId, data.TerminalId, data.Movement, data.Amount, data.Reason, data.CounterRole.Code, false]]);
        header.Number = await Numbers.Draw(tx, $"{function.Code}/cash/{header.BusinessDate:yyyy}", $"CASH-{header.BusinessDate:yyyy}-", ct: ct);
        string? waits = null;
        Headers.Insert(tx, header);
        if (approved)
        {
            header.MoveTo(Status.Submitted, stamp);
            var by = header.ApprovedBy;
            header.MoveTo(Status.Approved, stamp);
            header.ApprovedBy = by ?? header.ApprovedBy;
            var posted = await LifecycleDesk.PostNow(tx, stamp, document, ct);
            if (posted.Refusal is { } no) return no;
        }
        else
        {
            var submitted = await lifecycle.Submit(tx, stamp, document, ct);
            if (submitted.Refusal is { } no) return no;
            waits = submitted.Value.WaitsFor;
        }

        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, data.Movement, "cash-movement", header.Id, After: document.Snapshot, Reason: data.Reason, ReasonText: header.Note), runner.Clock);
        return new MovementAnswer(header.Id, header.Number, header.Status, waits);
    }

    /// <summary>Opens the drawer without a sale; more than the rule allows a shift raise an exception.</summary>
    public Task<Result<Answer>> OpenDrawer(CommandCall call, OpenDrawerRequest request, CancellationToken ct = default) =>
        runner.Run<object>(call, PointOfSaleFunction.FunctionCode, "open-drawer", 200, async (tx, stamp) =>
        {
            var view = await organisation.Get(ct);
            if (view.FindTerminal(request.TerminalId) is not { } terminal || terminal.BranchId != stamp.BranchId) return Refusals.TerminalUnknown(request.TerminalId);
            if (await OpenSession(tx, terminal.Id, ct) is not { } session) return Refusals.ShiftNotOpen;
            if (string.IsNullOrWhiteSpace(request.Reason)) return Reasons.Required("open-drawer");
            var id = Ids.New(runner.Clock);
            tx.Stage($"insert into pos_drawer_opening (id, session_id, user_id, at, reason) values ({id}, {session}, {stamp.Actor.UserId}, {stamp.At}, {request.Reason})");
            var count = await tx.Number($"select count(*) from pos_drawer_opening where session_id = {session}", ct);
            var rule = await exceptions.Rule(function, SaleRules.NoSaleOpenings, stamp.BranchId, ct);
            if (count == rule["openings"] + 1)
            {
                var about = Header.Draft(session, function.Code, "shift-close", stamp, view.Company.Currency.Code);
                about.SessionId = session;
                exceptions.Raise(tx, function, rule, [new ExceptionBook.Caught(about, $"The drawer of {terminal.Code} was opened {count} times without a sale in this shift.", IsDocument: false)], stamp);
            }

            AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "open-drawer", "shift", session, ReasonText: request.Reason), runner.Clock);
            return new { id, count };
        }, ct);

    private static Task<Guid?> OpenSession(Tx tx, Guid terminal, CancellationToken ct) =>
        tx.First($"select id from work_session where terminal_id = {terminal} and kind = 'shift' and state = 'open'", row => (Guid?)row.Guid(0), ct);

    /// <summary>Counts drawer and tenders, and only then compares. A later count replaces an earlier one while the shift is not closed.</summary>
    public Task<Result<Answer>> Count(CommandCall call, Guid shiftId, CountRequest request, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "count", 200, (tx, stamp) => CountWithin(tx, stamp, shiftId, request, ct), ct);

    /// <summary>Counts inside a transaction that is open already.</summary>
    public async Task<Result<ShiftAnswer>> CountWithin(Tx tx, Stamp stamp, Guid shiftId, CountRequest request, CancellationToken ct)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        var shift = await ShiftQueries.Lock(tx, shiftId, ct);
        if (shift is null || shift.BranchId != stamp.BranchId) return Refusals.ShiftUnknown;
        if (shift.State == "closed") return Refusals.ShiftClosed;
        if (shift.CloseDocumentId is not null) return Refusals.CloseWaits;
        var parked = await tx.Number($"""
            select count(*) from document d join pos_sale s on s.document_id = d.id
            where d.function = {function.Code} and d.status = 'draft' and s.terminal_id = {shift.TerminalId} and d.created_at > {stamp.At - Limits.Parked}
            """, ct);
        if (parked > 0) return Refusals.HasParked(parked);

        var known = await catalogue.Get(ct);
        var cashMethods = known.PaymentMethods.Where(method => method.Type == Kernel.Payments.PaymentType.Cash).Select(method => method.Code).ToHashSet();
        var expected = await ShiftQueries.Expected(tx, shiftId, shift.Float, cashMethods, ct);
        var counted = new Dictionary<string, long>();
        for (var at = 0; at < request.Tenders.Count; at++)
        {
            var method = request.Tenders[at].Method;
            if (known.PaymentMethod(method) is null) return Refusals.MethodUnknown(method, at);
            if (!Money.TryParse(request.Tenders[at].Counted, currency, out var amount)) return Refusals.AmountInvalid($"/tenders/{at}/counted");
            if (amount.Minor is > ValueRefusals.GreatestMinor or < -ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge($"/tenders/{at}/counted");
            // Slips of a card may give back more than they took; there is no less than nothing in a drawer.
            if (amount.IsNegative && (cashMethods.Contains(method) || !expected.TryGetValue(method, out var told) || told.Amount >= 0)) return Refusals.AmountInvalid($"/tenders/{at}/counted");
            if (!counted.TryAdd(method, amount.Minor)) return Refusals.CountTwice(method, at);
        }

        var denominations = new List<object?[]>();
        long cash = 0;
        for (var at = 0; at < (request.Denominations?.Count ?? 0); at++)
        {
            var line = request.Denominations![at];
            if (!Money.TryParse(line.Value, currency, out var value) || !value.IsPositive || line.Count < 0) return Refusals.AmountInvalid($"/denominations/{at}");
            var sum = (Int128)value.Minor * line.Count;
            if (sum + cash > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge($"/denominations/{at}");
            denominations.Add([shiftId, value.Minor, (long)line.Count]);
            cash += (long)sum;
        }

        if (request.Denominations is { Count: > 0 })
        {
            var method = expected.Keys.FirstOrDefault(cashMethods.Contains) ?? cashMethods.First();
            if (counted.TryGetValue(method, out var told) && told != cash) return Refusals.CountMismatch;
            counted[method] = cash;
        }

        foreach (var (method, amount) in expected)
            if (!counted.ContainsKey(method) && amount.HasMovement) return Refusals.CountMissing(method);

        tx.Stage($"delete from pos_shift_tender where session_id = {shiftId}");
        tx.Stage($"delete from pos_shift_denomination where session_id = {shiftId}");
        var rows = counted.Select(pair => (pair.Key, Expected: expected.TryGetValue(pair.Key, out var e) ? e.Amount : 0, Counted: pair.Value)).ToList();
        tx.Insert(CountTable, [.. rows.Select(row => new object?[] { shiftId, row.Key, row.Expected, row.Counted, row.Counted - row.Expected })]);
        tx.Insert(DenominationTable, [.. denominations.GroupBy(row => (long)row[1]!).Select(group => new object?[] { shiftId, group.Key, group.Sum(row => (long)row[2]!) })]);
        tx.Stage($"update pos_shift set counted_at = {stamp.At}, counted_by = {stamp.Actor.UserId} where session_id = {shiftId}");
        tx.Stage($"update work_session set state = 'counted', version = version + 1 where id = {shiftId}");
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "count", "shift", shiftId, After: Snapshots.Of(rows.Select(row => new { method = row.Key, row.Counted, row.Expected }))), runner.Clock);
        return await ShiftQueries.Answer(tx, shiftId, currency, await catalogue.Get(ct), showExpected: true, ct);
    }

    /// <summary>Closes a counted shift: posts the variance, sends what exceeds the next float to the safe, closes its sales.</summary>
    public Task<Result<Answer>> Close(CommandCall call, Guid shiftId, CloseShiftRequest request, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "close-shift", 200, (tx, stamp) => CloseWithin(tx, stamp, shiftId, request, ct), ct);

    /// <summary>Closes inside a transaction that is open already.</summary>
    public async Task<Result<MovementAnswer>> CloseWithin(Tx tx, Stamp stamp, Guid shiftId, CloseShiftRequest request, CancellationToken ct)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        var shift = await ShiftQueries.Lock(tx, shiftId, ct);
        if (shift is null || shift.BranchId != stamp.BranchId) return Refusals.ShiftUnknown;
        if (shift.State == "closed") return Refusals.ShiftClosed;
        if (shift.State != "counted") return Refusals.ShiftNotCounted;
        if (shift.CloseDocumentId is not null) return Refusals.CloseWaits;
        if (!Money.TryParse(request.NextFloat, currency, out var nextFloat) || nextFloat.IsNegative) return Refusals.AmountInvalid("/nextFloat");

        var header = Header.Draft(Ids.New(runner.Clock), PointOfSaleFunction.FunctionCode, "shift-close", stamp, currency.Code);
        header.SessionId = shiftId;
        header.Note = request.Text;
        tx.Stage($"update pos_shift set next_float = {nextFloat.Minor}, close_document_id = {header.Id} where session_id = {shiftId}");
        var document = await ShiftClose.Load(tx, header, function, ledger, await catalogue.Get(ct), currency, exceptions, ct);
        if (nextFloat.Minor > document.CashCounted) return Refusals.NextFloatTooLarge;
        header.Total = document.Variance;
        header.Number = await Numbers.Draw(tx, $"{function.Code}/close/{header.BusinessDate:yyyy}", $"CLOSE-{header.BusinessDate:yyyy}-", ct: ct);
        Headers.Insert(tx, header);
        var approvedBy = (Guid?)null;
        if (request.Approval is { } grant)
        {
            var redeemed = await secondPerson.Redeem(tx, grant.Token, $"{function.Code}.variance", stamp.BranchId, header.Id, stamp.Actor.UserId, ct);
            if (redeemed.Refusal is { } no) return no;
            approvedBy = redeemed.Value.GrantedBy;
        }

        string? waits = null;
        var rules = await lifecycle.Approvals.Matching(tx, document, Verb.Submit, ct);
        // One person at the till settles what one level asks for; a second level always waits in the queue.
        if (approvedBy is { } by && rules.Select(rule => rule.Level).Distinct().Count() <= 1)
        {
            header.MoveTo(Status.Submitted, stamp);
            header.MoveTo(Status.Approved, stamp);
            header.ApprovedBy = by;
            var posted = await LifecycleDesk.PostNow(tx, stamp, document, ct);
            if (posted.Refusal is { } no) return no;
        }
        else
        {
            var submitted = await lifecycle.Submit(tx, stamp, document, ct);
            if (submitted.Refusal is { } no) return no;
            waits = submitted.Value.WaitsFor;
        }

        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "close-shift", "shift-close", header.Id, After: document.Snapshot, Reason: request.Reason, ReasonText: request.Text), runner.Clock);
        return new MovementAnswer(header.Id, header.Number, header.Status, waits);
    }

    /// <summary>Hands the drawer over: counts and closes this shift and opens one for the next cashier with the same cash.</summary>
    public async Task<Result<Answer>> Handover(CommandCall call, Guid shiftId, HandoverRequest request, CancellationToken ct = default)
    {
        // Asked before the successor's password is looked at, which nobody else may try here.
        if (!call.Actor.May($"{function.Code}.close-shift", call.BranchId)) return CommandRunner.Denied($"{function.Code}.close-shift");
        var caller = new Caller(call.Actor, call.BranchId, call.Device, call.Address);
        var next = await secondPerson.Authorise(request.ToUser, request.Password, $"{function.Code}.open-shift", call.BranchId, null, "handover", caller, request.Code, ct);
        if (next.Refusal is { } wrong) return wrong;
        var successor = next.Value.By;
        return await runner.Run(call, PointOfSaleFunction.FunctionCode, "close-shift", 201, async (tx, stamp) =>
        {
            var counted = await CountWithin(tx, stamp, shiftId, new CountRequest(request.Denominations, request.Tenders), ct);
            if (counted.Refusal is { } no) return no;
            var cash = counted.Value.Tenders.Where(tender => tender.Counted is not null && tender.Method == CashMethod(counted.Value)).Select(tender => tender.Counted!).FirstOrDefault("0");
            var closed = await CloseWithin(tx, stamp, shiftId, new CloseShiftRequest(cash), ct);
            if (closed.Refusal is { } refused) return refused;
            if (closed.Value.WaitsFor is { } role) return Refusals.ApprovalRequired("The variance of this shift must be approved before it is handed over.", "variance", [role]);
            return await OpenWithin(tx, stamp with { Actor = successor }, counted.Value.Terminal, cash, shiftId, ct);
        }, ct);
    }

    private static string CashMethod(ShiftAnswer shift) => shift.Tenders.FirstOrDefault(tender => tender.Method.StartsWith("CASH", StringComparison.Ordinal))?.Method ?? "CASH";

    /// <summary>A shift of a branch; what is expected is told only after the count, or to those who may see it.</summary>
    public async Task<ShiftAnswer?> Find(Guid id, Guid branch, Func<string, bool> may, CancellationToken ct = default)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        var view = await catalogue.Get(ct);
        return await database.Read(async db => (await ShiftQueries.Find(db, id, ct))?.BranchId != branch ? null : await ShiftQueries.Answer(db, id, currency, view, may("view-expected"), ct), ct);
    }
}
