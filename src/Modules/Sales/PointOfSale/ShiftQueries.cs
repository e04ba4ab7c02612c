using Plug1.Kernel.Catalog;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A shift in the database.</summary>
internal sealed record ShiftRow(Guid Id, Guid BranchId, Guid TerminalId, string Number, string State, long Float, Guid? CloseDocumentId, long? NextFloat);

/// <summary>What a payment method should hold. Amount in minor units.</summary>
internal readonly record struct ExpectedTender(long Amount, bool HasMovement);

/// <summary>All SQL of shifts.</summary>
internal static class ShiftQueries
{
    private const string Columns = "w.id, w.branch_id, w.terminal_id, w.number, w.state, s.float_amount, s.close_document_id, s.next_float";

    /// <summary>A shift, locked with all that is told of it: a row that is read beside a locked one may be older than it.</summary>
    public static Task<ShiftRow?> Lock(Tx tx, Guid id, CancellationToken ct) => tx.First(
        $"select {Sql.Raw(Columns)} from work_session w join pos_shift s on s.session_id = w.id where w.id = {id}{Dialect.ForUpdate(tx.Engine)}", Read, ct);

    /// <summary>Whether a shift takes sales and cash; it stays so until the transaction ends.</summary>
    public static async Task<bool> IsOpen(Tx tx, Guid? id, CancellationToken ct) =>
        await tx.First($"select state from work_session where id = {id}{Dialect.ForShare(tx.Engine)}", row => row.Text(0), ct) == "open";

    public static Task<ShiftRow?> Find(Db db, Guid id, CancellationToken ct) =>
        db.First($"select {Sql.Raw(Columns)} from work_session w join pos_shift s on s.session_id = w.id where w.id = {id}", Read, ct);

    /// <summary>Expected by method: tenders net of change and reversals, points apart, of which a drawer holds nothing; cash also float, paid-in, paid-out and drops.</summary>
    /// <remarks>200.00 + 1,254.35 - 45.00 + 0 - 30.00 - 900.00 = 479.35.</remarks>
    public static async Task<Dictionary<string, ExpectedTender>> Expected(Db db, Guid session, long floatAmount, IReadOnlySet<string> cashMethods, CancellationToken ct)
    {
        var tenders = db.Later($"select method, {Sql.Raw(Dialect.SumLong(db.Engine, "amount"))} from pos_tender where session_id = {session} and method not in (select code from payment_method where type = 'points') group by method", row => (Method: row.Text(0), Amount: row.Long(1)));
        var moved = db.Later($"""
            select {Sql.Raw(Dialect.SumLong(db.Engine, "case when movement = 'paid-in' then amount when movement = 'float' then 0 else -amount end"))}, count(*)
            from pos_cash_movement where session_id = {session} and posted
            """, row => row.Long(0));
        await db.Flush(ct);
        var expected = tenders.Value.ToDictionary(row => row.Method, row => new ExpectedTender(row.Amount, true));
        var cash = expected.Keys.FirstOrDefault(cashMethods.Contains) ?? cashMethods.Order(StringComparer.Ordinal).FirstOrDefault("CASH");
        var takings = expected.TryGetValue(cash, out var known) ? known.Amount : 0;
        expected[cash] = new ExpectedTender(floatAmount + takings + moved.Value[0], true);
        return expected;
    }

    public static async Task<ShiftAnswer> Answer(Db db, Guid id, Currency currency, CatalogueView catalogue, bool showExpected, CancellationToken ct)
    {
        var head = db.Later($"""
            select w.number, t.code, w.state, coalesce(u.name, ''), w.opened_at, w.closed_at, s.float_amount, s.close_document_id, d.status,
              (select max(st.role) from approval_request r join approval_step st on st.request_id = r.id and st.level = r.level where r.document_id = d.id and r.state = 'open')
            from work_session w join pos_shift s on s.session_id = w.id join terminal t on t.id = w.terminal_id
            left join app_user u on u.id = w.user_id left join document d on d.id = s.close_document_id where w.id = {id}
            """, row => new
        {
            Number = row.Text(0),
            Terminal = row.Text(1),
            State = row.Text(2),
            OpenedBy = row.Text(3),
            OpenedAt = row.Instant(4),
            ClosedAt = row.InstantOrNull(5),
            Float = row.Long(6),
            Close = row.GuidOrNull(7),
            WaitsFor = row.TextOrNull(9),
        });
        var counts = db.Later($"select method, expected, counted, variance from pos_shift_tender where session_id = {id}", row => (Method: row.Text(0), Expected: row.Long(1), Counted: row.Long(2), Variance: row.Long(3)));
        await db.Flush(ct);
        var shift = head.Value[0];
        var cash = catalogue.PaymentMethods.Where(method => method.Type == Kernel.Payments.PaymentType.Cash).Select(method => method.Code).ToHashSet();
        var expected = await Expected(db, id, shift.Float, cash, ct);
        var counted = counts.Value.ToDictionary(row => row.Method);
        var tell = showExpected || shift.State != "open";
        var tenders = expected.Keys.Union(counted.Keys).Order(StringComparer.Ordinal).Select(method =>
        {
            var has = counted.TryGetValue(method, out var count);
            var amount = has ? count.Expected : expected.TryGetValue(method, out var live) ? live.Amount : 0;
            return new ShiftTenderAnswer(method, catalogue.PaymentMethod(method)?.Name ?? method, expected.ContainsKey(method), tell ? new Money(amount, currency).ToString() : null,
                has ? new Money(count.Counted, currency).ToString() : null, has ? new Money(count.Variance, currency).ToString() : null);
        }).ToList();
        return new ShiftAnswer(id, shift.Number, shift.Terminal, shift.State, shift.OpenedBy, shift.OpenedAt, shift.ClosedAt, new Money(shift.Float, currency).ToString(), tenders, shift.Close, shift.WaitsFor);
    }

    /// <summary>Shifts of branches, newest first.</summary>
    public static Task<List<ShiftListItem>> List(Db db, IReadOnlyList<Guid> branches, string? terminal, string? state, Guid? after, int limit, Currency currency, CancellationToken ct)
    {
        var filter = Sql.Join(" and ", new List<Sql?> { $"w.kind = 'shift' and w.branch_id {Sql.List(branches)}", terminal is null ? null : (Sql)$"w.terminal_id in (select id from terminal where code = {terminal})", state is null ? null : (Sql)$"w.state = {state}", after is null ? null : (Sql)$"w.id < {after}" }.OfType<Sql>());
        return db.Query($"""
            with shown as materialized (select w.* from work_session w where {filter} order by w.id desc limit {limit}),
            sold as (select session_id, {Sql.Raw(Dialect.SumLong(db.Engine, "count"))} as documents from {SaleSums.Sales.OfShifts(db, "shown")} as x where kind = 'sale' group by session_id)
            select w.id, w.number, t.code, b.code, w.state, coalesce(u.name, ''), w.opened_at, w.closed_at, s.float_amount,
              (select sum(variance) from pos_shift_tender v where v.session_id = w.id), coalesce(x.documents, 0)
            from shown w join pos_shift s on s.session_id = w.id join terminal t on t.id = w.terminal_id join branch b on b.id = w.branch_id left join app_user u on u.id = w.user_id
            left join sold x on x.session_id = cast(w.id as text)
            order by w.id desc
            """, row => new ShiftListItem(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Instant(6), row.InstantOrNull(7), new Money(row.Long(8), currency).ToString(),
            row.LongOrNull(9) is { } variance && row.Text(4) != "open" ? new Money(variance, currency).ToString() : null, row.Long(10)), ct);
    }

    private static ShiftRow Read(Row row) => new(row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), row.Text(4), row.Long(5), row.GuidOrNull(6), row.LongOrNull(7));
}

/// <summary>A shift in a list.</summary>
public sealed record ShiftListItem(Guid Id, string Number, string Terminal, string Branch, string State, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string Float, string? Variance, long Documents);
