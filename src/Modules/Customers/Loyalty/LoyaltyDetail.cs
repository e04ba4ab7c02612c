using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Loyalty;

/// <summary>What the pages of loyalty documents show.</summary>
internal static class LoyaltyDetail
{
    public static async Task<DetailView> Read(Db db, Header header, CancellationToken ct)
    {
        var id = header.ReversalOf ?? header.Id;
        var programme = db.Later($"select code, name, revision, terms, active from loyalty_programme where document_id = {id}", row => (Code: row.Text(0), Name: row.Text(1), Revision: row.Long(2), Terms: row.Text(3), Active: row.Bool(4)));
        var member = db.Later($"select programme, card, enrolled_on, tier from loyalty_member where id = {id}", row => (Programme: row.Text(0), Card: row.TextOrNull(1), On: row.Date(2), Tier: row.TextOrNull(3)));
        var adjusted = db.Later($"select points, reason, expires_on from loyalty_adjustment where document_id = {id}", row => (Points: row.Long(0), Reason: row.Text(1), Expires: row.DateOrNull(2)));
        var run = db.Later($"select run_kind, run_on, done from loyalty_run where document_id = {id}", row => (Kind: row.Text(0), On: row.Date(1), Done: row.Long(2)));
        var moves = db.Later($"""
            select y.name, v.kind, v.points from loyalty_movement v join loyalty_member m on m.id = v.member_id join party y on y.id = m.party_id where v.document_id = {header.Id} order by y.name, v.id limit 500
            """, row => new object?[] { row.Text(0), row.Text(1), row.Long(2) });
        await db.Flush(ct);
        var fields = new List<DetailField>();
        object? data = null;
        foreach (var one in programme.Value)
        {
            data = ProgrammeTerms.Read(one.Terms);
            fields.AddRange([new("Code", one.Code, "text"), new("Name", one.Name, "text"), new("Version", one.Revision, "integer"), new("In force", one.Active, "boolean")]);
        }

        foreach (var one in member.Value) fields.AddRange([new("Programme", one.Programme, "text"), new("Card", one.Card, "text"), new("Member since", one.On, "date"), new("Tier", one.Tier, "text")]);
        foreach (var one in adjusted.Value) fields.AddRange([new("Points", header.ReversalOf is null ? one.Points : -one.Points, "quantity"), new("Reason", one.Reason, "text"), new("Expires on", one.Expires, "date")]);
        foreach (var one in run.Value) fields.AddRange([new("Run", one.Kind, "text"), new("For", one.On, "date"), new("Done", one.Done, "integer"), new("Recognised", header.Total, "money")]);
        var table = new DetailTable("movements", "Points", [new("member", "Member", "text"), new("kind", "Movement", "text"), new("points", "Points", "quantity")], moves.Value);
        return new DetailView([new DetailSection("Loyalty", fields)], moves.Value.Count > 0 ? [table] : [], null, data);
    }
}
