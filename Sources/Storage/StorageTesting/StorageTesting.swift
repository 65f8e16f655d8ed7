// StorageTesting: the behaviours both databases must show, run on each. Begin at `StorageSuite`.
