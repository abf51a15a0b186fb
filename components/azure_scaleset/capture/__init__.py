"""A VM becomes an image: what is known of the VM (`vm`), what hinders it (`checks`), which step comes next (`steps`), the scripts that prepare the system (`scripts`),
what is made (`wanted`), what Azure has (`looking`), and doing it (`drive`). The command `scaleset capture` is on top."""
