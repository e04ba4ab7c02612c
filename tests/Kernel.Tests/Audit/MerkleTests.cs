using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Audit.Seals;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Audit;

public sealed class MerkleTests
{
    // The leaves and roots by which implementations of Certificate Transparency are compared.
    private static readonly string[] Data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_RFC_6962(int leaves, string root) =>
        Convert.ToHexStringLower(Merkle.Root(Hashes(leaves))).ShouldBe(root);

    [Fact]
    public void The_path_of_every_leaf_of_every_tree_leads_to_its_root_and_to_no_other()
    {
        for (var size = 1; size <= 70; size++)
        {
            var leaves = Hashes(size);
            var root = Merkle.Root(leaves);
            for (var index = 0; index < size; index++)
            {
                var leaf = leaves.AsSpan(index * Merkle.HashLength, Merkle.HashLength).ToArray();
                var path = Merkle.Path(leaves, index);
                Merkle.RootOf(leaf, index, size, path).ShouldBe(root);
                Merkle.RootOf(leaf, index, size, [.. path, leaf]).ShouldNotBe(root);
                if (path.Count > 0) Merkle.RootOf(leaf, index, size, [.. path.Skip(1)]).ShouldNotBe(root);
                if (size > 1) Merkle.RootOf(leaf, (index + 1) % size, size, path).ShouldNotBe(root);
            }
        }
    }

    [Fact]
    public void A_place_outside_the_tree_leads_nowhere()
    {
        Merkle.RootOf(new byte[32], 1, 1, []).ShouldBeNull();
        Merkle.RootOf(new byte[32], -1, 1, []).ShouldBeNull();
        Merkle.RootOf(new byte[32], 0, 2, [new byte[31]]).ShouldBeNull();
    }

    [Fact]
    public void Leaves_come_back_as_they_were_packed()
    {
        var leaf = Gen.Choose(0, 12).SelectMany(parts => ArbMap.Default.GeneratorFor<Guid>().Select(id => new Leaf(id, Hashes(parts + 1)[..Merkle.HashLength], [.. Enumerable.Range(0, parts * Leaves.PartLength).Select(at => (byte)at)])));
        Prop.ForAll(leaf.ListOf().ToArbitrary(), leaves => Texts(Leaves.Unpack(Leaves.Pack([.. leaves]))).SequenceEqual(Texts(leaves))).QuickCheckThrowOnFailure();
    }

    private static IEnumerable<(Guid, string, string)> Texts(IEnumerable<Leaf> leaves) => leaves.Select(leaf => (leaf.Id, Convert.ToHexString(leaf.Hash), Convert.ToHexString(leaf.Parts)));

    private static byte[] Hashes(int leaves) => [.. Enumerable.Range(0, leaves).SelectMany(at => CanonicalBytes.LeafHash(Convert.FromHexString(at < Data.Length ? Data[at] : $"{at:x4}")))];
}
