using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Loyalty;

/// <summary>Typed data of a version of a programme.</summary>
internal sealed record ProgrammeData(string Code, string Name, long Revision, string Terms);

/// <summary>A version of a programme: in force from its posting until the next version of its code is posted, or until it is closed.</summary>
internal sealed class Programme : Document
{
    private readonly ProgrammeData data;
    private readonly ProgrammeRequest? inForce;

    private readonly CatalogueBook catalogue;

    private Programme(Header header, ProgrammeData data, ProgrammeRequest? inForce, CatalogueBook catalogue)
        : base(header) => (this.data, this.inForce, this.catalogue) = (data, inForce, catalogue);

    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, data.Code, data.Name, data.Revision, terms = ProgrammeTerms.Read(data.Terms) });

    /// <summary>1 when deferral, the value of points or breakage are not as in the version in force, or when there is none; else 0.</summary>
    public override IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { ["amount"] = 0, ["worth-changed"] = Worth(ProgrammeTerms.Read(data.Terms)) == Worth(inForce) ? 0 : 1 };

    public static async Task<Programme> Make(Tx tx, Header header, ProgrammeData data, CatalogueBook catalogue, CancellationToken ct)
    {
        var terms = await tx.First($"select terms from loyalty_programme where code = {data.Code} and active", row => row.Text(0), ct);
        return new Programme(header, data, terms is null ? null : ProgrammeTerms.Read(terms), catalogue);
    }

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        // First out, then in: one of a code is in force.
        tx.Stage($"update loyalty_programme set active = {false} where code = {data.Code} and active");
        tx.Stage($"update loyalty_programme set active = {true} where document_id = {Header.Id}");
        if (ProgrammeTerms.Read(data.Terms).Redemption is not null)
        {
            tx.Stage($"insert into payment_method (code, name, type, needs_reference, over_tender, refund_priority, offline) values ('POINTS', 'Loyalty points', 'points', {false}, {false}, 60, {false}) on conflict (code) do nothing");
            catalogue.Touch(tx);
        }

        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, D1 = data.Code });
        Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/programme", "PROGRAMME-", 4, ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(LoyaltyRefusals.ProgrammeStands);

    /// <summary>Closed it gives and takes no points; opened again it does, unless a later version is in force.</summary>
    public override async Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (verb is not (Verb.Close or Verb.Reopen)) return Result.Done;
        if (verb == Verb.Reopen && await tx.Number($"select count(*) from loyalty_programme where code = {data.Code} and active", ct) > 0) return LoyaltyRefusals.ProgrammeStands;
        tx.Stage($"update loyalty_programme set active = {verb == Verb.Reopen} where document_id = {Header.Id}");
        return Result.Done;
    }

    private static string Worth(ProgrammeRequest? terms) => terms is null ? "" : $"{terms.Deferral}|{terms.BreakageRate}|{terms.Redemption?.PointValue}|{terms.Redemption?.PerPoints}";
}

/// <summary>Somebody joins a programme.</summary>
internal sealed class Enrolment(Header header) : Document(header)
{
    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.PartyId });

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        tx.Stage($"update loyalty_member set active = {true} where id = {Header.Id}");
        Header.Number = await Numbers.Draw(tx, $"{Header.Function}/enrolment", "MEMBER-", ct: ct);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted });
        return Result.Done;
    }

    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Header.ReversalOf is not null ? LoyaltyRefusals.MirrorNotReversed
        : await tx.Number($"select count(*) from loyalty_movement where member_id = {Header.Id}", ct) > 0 ? LoyaltyRefusals.MemberMoved : Result.Done;

    public override Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        tx.Stage($"update loyalty_member set active = {false} where id = {Header.Id}");
        return Task.FromResult(Result.Done);
    }
}
