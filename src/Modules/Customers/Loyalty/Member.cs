using Plug1.Kernel;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>A lot of a member's points, as it is changed.</summary>
internal sealed record Lot(Guid Id, Guid DocumentId, DateOnly IssuedOn, DateOnly? ExpiresOn, DateOnly UsableOn, bool Pending, Quantity Left);

/// <summary>Words for a change of points.</summary>
internal static class Movement
{
    public const string Earn = "earn", Redeem = "redeem", ClawBack = "claw-back", Restore = "restore", Expire = "expire", Adjust = "adjust", Transfer = "transfer", Debt = "debt", Undo = "undo";

    internal static readonly Table Table = new("loyalty_movement",
        ("id", Kind.Id), ("member_id", Kind.Id), ("lot_id", Kind.Id), ("document_id", Kind.Id), ("kind", Kind.Text), ("points", Kind.Long), ("business_date", Kind.Date));
}

/// <summary>The points of one member while the member is locked: lots and debt, and what is changed of them.</summary>
/// <remarks>Invariant: usable lots less debt are the balance of the member's account in the ledger, pending lots that of the pending account.
/// Every change is posted by whoever makes it; this keeps the lots in step.</remarks>
internal sealed class MemberPoints(Guid memberId, string programme, Quantity debt, IEnumerable<Lot> lots, TimeProvider clock)
{
    private static readonly Table LotTable = new("loyalty_lot",
        ("id", Kind.Id), ("member_id", Kind.Id), ("document_id", Kind.Id), ("issued_on", Kind.Date), ("expires_on", Kind.Date), ("usable_on", Kind.Date), ("pending", Kind.Bool), ("points_left", Kind.Long));

    private readonly Dictionary<Guid, Lot> before = lots.ToDictionary(lot => lot.Id);
    private readonly Dictionary<Guid, Lot> now = [];
    private readonly List<(Guid? Lot, string Kind, Quantity Points)> moved = [];

    public Guid MemberId => memberId;

    public string Programme => programme;

    public Quantity Debt { get; private set; } = debt;

    public IEnumerable<Lot> Lots => before.Values.Select(lot => now.GetValueOrDefault(lot.Id, lot)).Concat(now.Values.Where(lot => !before.ContainsKey(lot.Id)));

    /// <summary>What can be used; below zero it is owed. Lots that have lapsed and wait for the run count until it.</summary>
    public Quantity Balance => Quantity.Sum(Lots.Where(lot => !lot.Pending).Select(lot => lot.Left)) - Debt;

    public Quantity Pending => Quantity.Sum(Lots.Where(lot => lot.Pending).Select(lot => lot.Left));

    /// <summary>What can be used on a day: the balance less what has lapsed by then.</summary>
    public Quantity Usable(DateOnly on) => Balance - Quantity.Sum(Lots.Where(lot => !lot.Pending && !Points.IsUsable(lot.ExpiresOn, on)).Select(lot => lot.Left));

    /// <summary>Gives points as a lot of their own; a debt is filled first.</summary>
    public Guid Give(string kind, Guid document, Quantity points, DateOnly on, DateOnly? expires, int pendingDays = 0)
    {
        Invariant.Holds(points.IsPositive);
        var lot = new Lot(Ids.New(clock), document, on, expires, on.AddDays(pendingDays), pendingDays > 0, points);
        now[lot.Id] = lot;
        moved.Add((lot.Id, kind, points));
        if (!lot.Pending) FillDebt();
        return lot.Id;
    }

    /// <summary>Takes usable points by the order in which they are used.</summary>
    /// <returns>False when there are too few; then nothing is changed.</returns>
    public bool TryTake(string kind, Quantity points, DateOnly on)
    {
        if (Usable(on) < points) return false;
        var pick = Points.PickLots(Lots.Where(lot => !lot.Pending && Points.IsUsable(lot.ExpiresOn, on)).Select(Pure), points);
        Invariant.Holds(pick.Missing.IsZero, "What can be used is in lots.");
        foreach (var take in pick.Takes) Change(take.Lot, kind, -take.Points);
        return true;
    }

    /// <summary>Takes points back: from the lots of a document first, then the oldest; what is missing is owed.</summary>
    /// <returns>What was taken from pending lots.</returns>
    public Quantity TakeBack(string kind, Guid document, Quantity points)
    {
        var pick = Points.PickClawedBack(Lots.Where(lot => !lot.Pending || lot.DocumentId == document).Select(Pure), points, document);
        var pending = Quantity.Zero;
        foreach (var take in pick.Takes)
        {
            if (Find(take.Lot).Pending) pending += take.Points;
            Change(take.Lot, kind, -take.Points);
        }

        Owe(kind, pick.Missing);
        return pending;
    }

    /// <summary>Gives points back into a lot; one that has lapsed meanwhile lives on for a while.</summary>
    public void GiveBack(Guid lot, string kind, Quantity points, DateOnly on)
    {
        var found = Find(lot);
        now[lot] = found with { ExpiresOn = Points.RestoredUntil(found.ExpiresOn, on) };
        Change(lot, kind, points);
        FillDebt();
    }

    /// <summary>Lowers the debt without a lot; what undoes an entry of debt.</summary>
    public void Forgive(string kind, Quantity points)
    {
        var less = Quantity.Min(points, Debt);
        if (less.IsZero) return;
        Debt -= less;
        moved.Add((null, kind, less));
    }

    /// <summary>Pending points of a lot become usable.</summary>
    public void Release(Guid lot)
    {
        now[lot] = Find(lot) with { Pending = false };
        FillDebt();
    }

    /// <summary>Lots that have not lapsed last until a day: a movement has prolonged them.</summary>
    public void Prolong(DateOnly on, DateOnly until)
    {
        foreach (var lot in Lots.Where(lot => lot.Left.IsPositive && Points.IsUsable(lot.ExpiresOn, on) && lot.ExpiresOn != until).ToList()) now[lot.Id] = lot with { ExpiresOn = until };
    }

    public Lot Find(Guid lot) => now.GetValueOrDefault(lot) ?? before[lot];

    /// <summary>Gathers what was changed.</summary>
    /// <returns>How the points of the member changed, all together.</returns>
    public Quantity Save(Tx tx, Guid document, DateOnly on)
    {
        foreach (var lot in now.Values.Where(lot => before.ContainsKey(lot.Id)))
            tx.Stage($"update loyalty_lot set points_left = {lot.Left.Millionths}, expires_on = {lot.ExpiresOn}, pending = {lot.Pending} where id = {lot.Id}");
        tx.Insert(LotTable, [.. now.Values.Where(lot => !before.ContainsKey(lot.Id))
            .Select(lot => new object?[] { lot.Id, memberId, lot.DocumentId, lot.IssuedOn, lot.ExpiresOn, lot.UsableOn, lot.Pending, lot.Left.Millionths })]);
        tx.Insert(Movement.Table, [.. moved.Select(one => new object?[] { Ids.New(clock), memberId, one.Lot, document, one.Kind, one.Points.Millionths, on })]);
        tx.Stage($"update loyalty_member set debt = {Debt.Millionths}, last_movement_on = {on} where id = {memberId}");
        return Quantity.Sum(moved.Select(one => one.Points));
    }

    private void FillDebt()
    {
        if (Debt.IsZero) return;
        foreach (var take in Points.PickClawedBack(Lots.Where(lot => !lot.Pending).Select(Pure), Debt, Guid.Empty).Takes)
        {
            Change(take.Lot, Movement.Debt, -take.Points);
            Debt -= take.Points;
            moved.Add((null, Movement.Debt, take.Points));
        }
    }

    private void Owe(string kind, Quantity points)
    {
        if (points.IsZero) return;
        Debt += points;
        moved.Add((null, kind, -points));
    }

    private void Change(Guid lot, string kind, Quantity points)
    {
        var found = Find(lot);
        now[lot] = found with { Left = found.Left + points };
        moved.Add((lot, kind, points));
    }

    private static PointLot Pure(Lot lot) => new(lot.Id, lot.IssuedOn, lot.ExpiresOn, lot.Left, lot.DocumentId);
}

/// <summary>A member as it is read for a change, with the version of the programme in force.</summary>
internal sealed record MemberRow(
    Guid Id, string Programme, string ProgrammeName, Guid PartyId, string PartyName, string? Card, DateOnly EnrolledOn, Quantity Debt, string? Tier, DateOnly? TierUntil, Guid? TermsId, string? Terms);

/// <summary>Members in the database.</summary>
internal static class Members
{
    private const string Columns = """
        m.id, m.programme, coalesce(p.name, m.programme), m.party_id, y.name, m.card, m.enrolled_on, m.debt, m.tier, m.tier_until, p.document_id, p.terms
        from loyalty_member m join party y on y.id = m.party_id left join loyalty_programme p on p.code = m.programme and p.active
        """;

    /// <summary>The live member of a party, locked in a transaction.</summary>
    public static Deferred<List<MemberRow>> OfParty(Db db, Guid party, bool locked) => db.Later(
        $"select {Sql.Raw(Columns)} where m.active and m.party_id = (select coalesce(canonical_id, id) from party where id = {party}){Lock(db, locked)}", Read);

    /// <summary>Members by id in the order in which all lock them, left ones too.</summary>
    public static Deferred<List<MemberRow>> ById(Db db, IEnumerable<Guid> ids, bool locked) =>
        db.Later($"select {Sql.Raw(Columns)} where m.id {Sql.List(ids)} order by m.id{Lock(db, locked)}", Read);

    /// <summary>The lots of the live member of a party that have something left.</summary>
    public static Deferred<List<(Guid Member, Lot Lot)>> LotsOfParty(Db db, Guid party) => Lots(db,
        $"l.points_left > 0 and l.member_id in (select m.id from loyalty_member m where m.active and m.party_id = (select coalesce(canonical_id, id) from party where id = {party}))");

    /// <summary>The lots of members that have something left, and those that a document gave or moved.</summary>
    public static Deferred<List<(Guid Member, Lot Lot)>> LotsOf(Db db, IEnumerable<Guid> members, Guid document) => Lots(db,
        $"l.member_id {Sql.List(members)} and (l.points_left > 0 or l.document_id = {document} or l.id in (select v.lot_id from loyalty_movement v where v.document_id = {document}))");

    private static Deferred<List<(Guid Member, Lot Lot)>> Lots(Db db, Sql which) => db.Later(
        $"select l.member_id, l.id, l.document_id, l.issued_on, l.expires_on, l.usable_on, l.pending, l.points_left from loyalty_lot l where {which} order by l.issued_on, l.id",
        row => (row.Guid(0), new Lot(row.Guid(1), row.Guid(2), row.Date(3), row.DateOrNull(4), row.Date(5), row.Bool(6), new Quantity(row.Long(7)))));

    private static Sql Lock(Db db, bool locked) => locked && db.Engine == Engine.Postgres ? Sql.Raw(" for update of m") : Sql.Raw("");

    private static MemberRow Read(Row row) => new(row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Text(4), row.TextOrNull(5), row.Date(6), new Quantity(row.Long(7)),
        row.TextOrNull(8), row.DateOrNull(9), row.GuidOrNull(10), row.TextOrNull(11));
}
