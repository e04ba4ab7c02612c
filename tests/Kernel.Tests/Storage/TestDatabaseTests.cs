using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class TestDatabaseTests
{
    [Theory, OnBothEngines]
    public async Task Every_test_gets_a_migrated_database_of_its_own(Engine engine)
    {
        await using var one = await TestDatabase.Create(engine);
        await using var two = await TestDatabase.Create(engine);
        await one.Database.Write(async tx => await tx.Execute($"update config_stamp set stamp = 9 where area = 'rules'"));

        (await one.Database.Read(db => db.Number($"select stamp from config_stamp where area = 'rules'"))).ShouldBe(9);
        (await two.Database.Read(db => db.Number($"select stamp from config_stamp where area = 'rules'"))).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task A_second_process_sees_what_the_first_committed(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await test.Database.Write(async tx => await tx.Execute($"update config_stamp set stamp = 9 where area = 'rules'"));

        (await test.OpenAgain().Read(db => db.Number($"select stamp from config_stamp where area = 'rules'"))).ShouldBe(9);
    }
}
