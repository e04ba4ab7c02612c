using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>What somebody began and left is found by its index, however many documents and drafts of others there are.</summary>
public sealed class DraftPlanTests
{
    private static readonly Guid Branch = Guid.Parse("00000000-0000-7000-8000-00000000b001");

    [Theory, OnBothEngines]
    public async Task The_drafts_of_one_person_are_read_by_the_index_over_drafts(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var users = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToList();
        var table = new Table("document", ("id", Kind.Id), ("function", Kind.Text), ("kind", Kind.Text), ("branch_id", Kind.Id), ("status", Kind.Text), ("business_date", Kind.Date), ("currency", Kind.Text), ("created_at", Kind.Instant), ("created_by", Kind.Id));
        var clock = new FakeClock();
        await test.Database.Write(async tx =>
        {
            await tx.Execute($"insert into branch (id, code, name, time_zone) values ({Branch}, 'B', 'B', 'UTC')");
            tx.Insert(table, [.. Enumerable.Range(0, 20_000).Select(at => new object?[]
                { Ids.New(clock), "sales.point-of-sale", "sale", Branch, at % 4 == 0 ? "draft" : "posted", new DateOnly(2025, 1, 1).AddDays(at % 300), "EUR", clock.Now.AddSeconds(at), users[at % users.Count] })]);
            await tx.Flush();
        });
        await test.Database.Write(tx => tx.Execute(Sql.Raw("analyze")));
        var explain = Sql.Raw(engine == Engine.Postgres ? "explain" : "explain query plan");
        var plan = await test.Database.Read(db => db.Query(
            $"{explain} {WaitingForOne.DraftsOf(["sales.point-of-sale", "books.journals"], users[4], Sql.Raw("1 = 1"))}", row => row.Text(engine == Engine.Postgres ? 0 : 3)));
        string.Join('\n', plan).ShouldContain("document_draft_of_user");
        (await test.Database.Read(db => db.Query(WaitingForOne.DraftsOf(["sales.point-of-sale"], users[4], Sql.Raw("1 = 1")), row => row.Guid(0)))).Count.ShouldBeGreaterThan(10);
    }
}
